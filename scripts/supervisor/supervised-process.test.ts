import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { restartDelayMs } from "./back-off.ts";
import { freePort } from "./ports.testing.ts";
import { identify } from "./run-record.ts";
import { SupervisedProcess } from "./supervised-process.ts";

let folder: string;
let processes: SupervisedProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "threadbox-supervised-"));
});
afterEach(async () => {
  await Promise.all(processes.map((each) => each.stop()));
  processes = [];
  rmSync(folder, { recursive: true });
});

/** A server that answers /health and keeps a child of its own. */
const program = (port: number) => `
  const { spawn } = require("node:child_process");
  const child = spawn("sleep", ["600"]);
  console.log("child " + child.pid);
  require("node:http").createServer((_, response) => response.end("ok")).listen(${port}, "127.0.0.1");
`;

const supervise = (code: string, port: number, record = (_runs: number): void => {}) => {
  const lines: string[] = [];
  const pids: number[] = [];
  const supervised = new SupervisedProcess(
    {
      name: "probe",
      argv: [process.execPath, "-e", code],
      cwd: folder,
      env: {},
      healthUrl: `http://127.0.0.1:${port}/health`,
      umask: 0o077,
    },
    { logFolder: folder, print: (line) => lines.push(line), onSpawn: (_, pid) => record(pids.push(pid)) },
  );
  processes.push(supervised);
  supervised.start();
  return { supervised, lines, pids };
};

/** What the program says arrives apart from its answers. */
const grandchildOf = async (lines: readonly string[]): Promise<number> => {
  const said = () => lines.find((line) => line.includes("child "));
  await expect.poll(said).toBeDefined();
  return Number(said()?.split("child ")[1]);
};

describe("a supervised process", () => {
  test("starts again after it was killed, and takes nothing of the old run with it", async () => {
    const port = await freePort();
    const { supervised, lines, pids } = supervise(program(port), port);
    await expect.poll(() => supervised.isHealthy).toBe(true);
    const grandchild = await grandchildOf(lines);
    expect(identify(grandchild)).toBeDefined();
    process.kill(pids[0] ?? 0, "SIGKILL");
    await expect.poll(() => pids.length).toBe(2);
    expect(identify(grandchild)).toBeUndefined();
    await expect.poll(() => supervised.isHealthy).toBe(true);
  });

  test("runs on when nobody can record it, and that is said", async () => {
    const port = await freePort();
    const { supervised, lines } = supervise(program(port), port, () => {
      throw new Error("no space left");
    });
    await expect.poll(() => supervised.isHealthy).toBe(true);
    expect(lines).toContain("[probe] is not recorded: no space left");
  });

  test("stopping ends its whole process group", async () => {
    const port = await freePort();
    const { supervised, lines } = supervise(program(port), port);
    await expect.poll(() => supervised.isHealthy).toBe(true);
    const grandchild = await grandchildOf(lines);
    await supervised.stop();
    await expect.poll(() => identify(grandchild)).toBeUndefined();
  });

  test("runs with its own umask, and leaves the supervisor's as it was", async () => {
    const before = process.umask();
    const { supervised } = supervise('console.log("umask " + process.umask()); process.exit(3)', 1);
    await expect.poll(() => supervised.lastWords).toContain(`umask ${0o077}`);
    expect(process.umask()).toBe(before);
  });

  test("keeps the last words of a process that cannot start", async () => {
    const { supervised } = supervise('console.error("no such key"); process.exit(3)', 1);
    await expect.poll(() => supervised.failures).toBeGreaterThan(0);
    expect(supervised.lastWords).toContain("no such key");
    await supervised.stop();
    expect(readFileSync(join(folder, "probe.log"), "utf8")).toContain("no such key");
  });
});

test("the wait before a restart doubles up to half a minute", () => {
  expect([1, 2, 3, 4, 5, 6, 9].map(restartDelayMs)).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});
