import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { restartDelayMs } from "./back-off.ts";
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

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** A server that answers /health and keeps a child of its own. */
const program = (port: number) => `
  const { spawn } = require("node:child_process");
  const child = spawn("sleep", ["600"]);
  console.log("child " + child.pid);
  require("node:http").createServer((_, response) => response.end("ok")).listen(${port}, "127.0.0.1");
`;

const supervise = (code: string, port: number) => {
  const lines: string[] = [];
  const pids: number[] = [];
  const supervised = new SupervisedProcess(
    {
      name: "probe",
      argv: [process.execPath, "-e", code],
      cwd: folder,
      env: {},
      healthUrl: `http://127.0.0.1:${port}/health`,
    },
    { logFolder: folder, print: (line) => lines.push(line), onSpawn: (_, pid) => pids.push(pid) },
  );
  processes.push(supervised);
  supervised.start();
  return { supervised, lines, pids };
};

describe("a supervised process", () => {
  test("starts again after it was killed, and takes nothing of the old run with it", async () => {
    const port = await freePort();
    const { supervised, lines, pids } = supervise(program(port), port);
    await vi.waitFor(() => expect(supervised.isHealthy).toBe(true), 10_000);
    const grandchild = Number(lines.find((line) => line.includes("child "))?.split("child ")[1]);
    expect(identify(grandchild)).toBeDefined();
    process.kill(pids[0] ?? 0, "SIGKILL");
    await vi.waitFor(() => expect(pids.length).toBe(2), 10_000);
    expect(identify(grandchild)).toBeUndefined();
    await vi.waitFor(() => expect(supervised.isHealthy).toBe(true), 10_000);
  });

  test("stopping ends its whole process group", async () => {
    const port = await freePort();
    const { supervised, lines } = supervise(program(port), port);
    await vi.waitFor(() => expect(supervised.isHealthy).toBe(true), 10_000);
    const grandchild = Number(lines.find((line) => line.includes("child "))?.split("child ")[1]);
    await supervised.stop();
    await vi.waitFor(() => expect(identify(grandchild)).toBeUndefined(), 5_000);
  });

  test("keeps the last words of a process that cannot start", async () => {
    const { supervised } = supervise('console.error("no such key"); process.exit(3)', 1);
    await vi.waitFor(() => expect(supervised.failures).toBeGreaterThan(0), 10_000);
    expect(supervised.lastWords).toContain("no such key");
    await supervised.stop();
    expect(readFileSync(join(folder, "probe.log"), "utf8")).toContain("no such key");
  });
});

test("the wait before a restart doubles up to half a minute", () => {
  expect([1, 2, 3, 4, 5, 6, 9].map(restartDelayMs)).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});
