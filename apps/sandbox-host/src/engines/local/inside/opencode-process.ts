import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { createInterface } from "node:readline";
import type { RecycleResult, SupervisorEvent, SupervisorStart } from "./protocol.ts";

export interface OpenCodeOptions {
  readonly start: Pick<SupervisorStart, "openCode" | "environment">;
  readonly tell: (event: SupervisorEvent) => void;
  /** OpenCode has ended and nobody asked it to. */
  readonly onEnd: (code: number) => void;
}

/** How long it may take to end by itself. */
const graceMs = 5_000;
const tailLinesMax = 20;
const lineCharsMax = 500;
const kibPerMib = 1024;

/** Memory that a process holds, in MiB; 0 where it has ended. */
const memoryMibOf = (pid: number | undefined): number => {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) / kibPerMib);
  } catch {
    return 0;
  }
};

/** OpenCode of this sandbox, which may be started anew beside all that else runs in it. */
export class OpenCodeProcess {
  readonly #options: OpenCodeOptions;
  #child: ChildProcess;
  /** The one that ends because another is to follow it. */
  #leaving: ChildProcess | null = null;

  constructor(options: OpenCodeOptions) {
    this.#options = options;
    this.#child = this.#spawn(() => {});
  }

  /** Starts it anew where it holds more than that; resolves when it listens again. */
  async recycle(pastMib: number): Promise<RecycleResult> {
    const memoryMib = memoryMibOf(this.#child.pid);
    if (memoryMib <= pastMib || this.#leaving !== null) return { isRecycled: false, memoryMib };
    const before = this.#child;
    this.#leaving = before;
    const isListening = new Promise<void>((resolve) => {
      before.once("close", () => {
        this.#child = this.#spawn(resolve);
      });
    });
    before.kill("SIGTERM");
    const killed = setTimeout(() => before.kill("SIGKILL"), graceMs);
    await isListening;
    clearTimeout(killed);
    this.#leaving = null;
    return { isRecycled: true, memoryMib };
  }

  #spawn(onListening: () => void): ChildProcess {
    const { start, tell, onEnd } = this.#options;
    const [program, ...argv] = start.openCode.argv;
    const child = spawn(program, argv, {
      env: { ...start.environment, ...start.openCode.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const tail: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (line.includes("opencode server listening on")) {
          tell({ event: "listening" });
          onListening();
        }
        tail.push(line.slice(0, lineCharsMax));
        if (tail.length > tailLinesMax) tail.shift();
      });
    }
    child.on("error", (error) => {
      tell({ event: "ended", code: null, signal: null, tail: [error.message] });
      onEnd(1);
    });
    child.on("close", (code, signal) => {
      if (child === this.#leaving) return;
      tell({ event: "ended", code, signal, tail });
      onEnd(0);
    });
    return child;
  }
}
