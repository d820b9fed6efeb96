import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { root } from "../bootstrap.mjs";
import { close, freePort, listen } from "./ports.testing.ts";
import { identify, writeRunRecord } from "./run-record.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "threadbox-start-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
});

/** `npm start` as far as a refusal, on a port that is held, so that nothing is built or started. */
const start = async (env: Readonly<Record<string, string>> = {}) => {
  const port = await freePort();
  const holder = await listen(port, "127.0.0.1");
  onTestFinished(() => close(holder));
  const child = spawn(process.execPath, [join(root, "scripts/supervisor/main.ts")], {
    env: { PATH: process.env.PATH ?? "", THREADBOX_HOME: home, PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { said, complaint: complaint.trim(), code, port };
};

describe("npm start that cannot start says why in one line, without a stack", () => {
  test("a port that is taken", async () => {
    const { complaint, code, port } = await start();
    expect(complaint).toBe(
      `Threadbox can't start: port ${port} is already in use. Free it, or choose another with PORT=<port>.`,
    );
    expect(code).toBe(1);
  });

  test("a state folder that is in use", async () => {
    writeRunRecord(home, { supervisor: identify(process.pid) ?? { pid: 0, startTicks: "" }, processes: {} });
    const { complaint } = await start();
    expect(complaint).toMatch(/^Threadbox can't start: it's already running from .* \(process \d+\)\..*$/);
  });

  test("a state folder that can never be", async () => {
    const { complaint } = await start({ THREADBOX_HOME: "/proc/nope" });
    expect(complaint).toMatch(/^Threadbox can't start: can't use the state folder \/proc\/nope \(.*$/);
  });

  test("keys of the environment that are bad, all at once", async () => {
    const { complaint } = await start({ CONVEX_URL: "no", MODEL_NAME: "m" });
    expect(complaint).toMatch(
      /^Threadbox can't start: CONVEX_URL is not .*; MODEL_BASE_URL is needed with MODEL_NAME$/,
    );
  });
});

test("a damaged record of an earlier run is said and does not stop the start", async () => {
  writeFileSync(join(home, "run.json"), "{");
  const { said, complaint } = await start();
  expect(said).toContain("run.json is damaged");
  expect(complaint).toContain("is already in use");
});
