import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codemodeApi } from "@threadbox/contracts/codemode";
import { Redacted } from "effect";
import type { Config } from "./config.ts";
import type { Look } from "./watchdog.ts";
import { workerdConfig } from "./workerd-config.ts";

/** The package says where the program of this platform lies; it has no types. */
const { default: workerdProgram } = createRequire(import.meta.url)("workerd") as { readonly default: string };
const usualLookMs = 2_000;
/** Programs decide how much is printed. */
const linesHeardMax = 200;

/** One run of workerd, a process of its own that can be ended whatever it does. */
export interface Workerd {
  /** Where it listens: in a folder that nobody else of this host can open. */
  readonly socketPath: string;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  /** `withinMs`: how long it may take to answer. */
  look(withinMs?: number): Promise<Look>;
  kill(): void;
}

/** Resident memory; Linux alone tells it, elsewhere it counts as none. */
const memoryMibOf = (pid: number): number => {
  try {
    const [, kib = "0"] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib) / 1024;
  } catch {
    return 0;
  }
};

const answers = (socketPath: string, withinMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const signal = AbortSignal.timeout(withinMs);
    const asking = get({ socketPath, path: codemodeApi.healthPath, agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking.once("error", () => resolve(false));
  });

/** `hear` is told each line it prints. */
export const startWorkerd = (
  { key, script }: Pick<Config, "key" | "script">,
  hear: (line: string) => void,
): Workerd => {
  const folder = mkdtempSync(join(tmpdir(), "threadbox-codemode-"));
  symlinkSync(script, join(folder, "index.js"));
  const config = join(folder, "config.capnp");
  const socketPath = join(folder, "socket");
  writeFileSync(config, workerdConfig({ socket: socketPath, script: "index.js" }));
  const child: ChildProcess = spawn(workerdProgram, ["serve", "--experimental", config], {
    env: { CODEMODE_KEY: Redacted.value(key) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let heard = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
        heard += 1;
        if (heard <= linesHeardMax) hear(line.slice(0, 500));
      }
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    socketPath,
    ended,
    look: async (withinMs = usualLookMs) => {
      const isAnswering = await answers(socketPath, withinMs);
      return { isAnswering, memoryMib: isRunning() && child.pid !== undefined ? memoryMibOf(child.pid) : null };
    },
    kill: () => void child.kill("SIGKILL"),
  };
};
