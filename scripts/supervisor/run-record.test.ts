import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "./ports.testing.ts";
import { portProblem } from "./ports.ts";
import {
  identify,
  isAlive,
  livingFields,
  type ProcessIdentity,
  readRunRecord,
  reapLeftovers,
  writeRunRecord,
} from "./run-record.ts";

/** The leader of a group whose other member holds the port, as workerd does beside its Node process. */
const program = (port: number) => `
  const inner = 'require("node:net").createServer().listen(${port}, "127.0.0.1", () => console.log("listening"))';
  require("node:child_process").spawn(process.execPath, ["-e", inner], { stdio: "inherit" });
  setInterval(() => {}, 1000);
`;

const nobody: ProcessIdentity = { pid: 2 ** 22 - 1, startTicks: "1" };

const startGroup = async (port: number): Promise<ProcessIdentity> => {
  const child = spawn(process.execPath, ["-e", program(port)], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    try {
      process.kill(-Number(child.pid), "SIGKILL");
    } catch {
      // The test has ended it.
    }
  });
  await once(createInterface({ input: child.stdout }), "line");
  const identity = identify(Number(child.pid));
  if (!identity) throw new Error("the program has ended");
  return identity;
};

const makeHome = () => {
  const home = mkdtempSync(join(tmpdir(), "threadbox-record-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
};

describe("what an interrupted run has left", () => {
  test("has ended, with all that it spawned, and its ports are free when the clean-up returns", async () => {
    const ports = await Promise.all([freePort(), freePort()]);
    const [one, two] = await Promise.all(ports.map(startGroup));
    if (!one || !two) throw new Error("two groups were started");
    const record = { supervisor: nobody, processes: { worker: one, web: two, convex: nobody } };
    expect(await reapLeftovers(record)).toEqual({ ended: ["worker", "web"], left: [] });
    expect(await Promise.all(ports.map((port) => portProblem(port)))).toEqual([undefined, undefined]);
  });

  test("a stranger who has the number of a recorded process keeps running", async () => {
    const identity = await startGroup(await freePort());
    const record = { supervisor: nobody, processes: { worker: { ...identity, startTicks: "1" } } };
    expect(await reapLeftovers(record)).toEqual({ ended: [], left: [] });
    expect(isAlive(identity)).toBe(true);
  });

  test("is named when it does not end in time", async () => {
    const identity = await startGroup(await freePort());
    const record = { supervisor: nobody, processes: { worker: identity, web: nobody } };
    expect(await reapLeftovers(record, { timeoutMs: 0, kill: () => {} })).toEqual({ ended: [], left: ["worker"] });
  });
});

test("a killed process counts as gone only when the last of its threads has ended: until then it holds its ports", () => {
  const stat = (state: string, threads: number) =>
    `7449 (work) (erd)) ${state} 7269 7269 7269 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 ${threads} 0 584289 1 1`;
  expect(livingFields(stat("S", 9))?.[19]).toBe("584289");
  expect(livingFields(stat("Z", 3))?.[19]).toBe("584289");
  expect(livingFields(stat("Z", 1))).toBeUndefined();
  expect(livingFields(stat("X", 1))).toBeUndefined();
});

describe("the record of a run", () => {
  test("is read as it was written", () => {
    const home = makeHome();
    expect(readRunRecord(home)).toBe("absent");
    const record = { supervisor: nobody, processes: { web: nobody } };
    writeRunRecord(home, record);
    expect(readRunRecord(home)).toEqual(record);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    '{"supervisor":{"pid":5,"startTicks":"1"}}',
    '{"supervisor":{"pid":5,"startTicks":"1"},"processes":null}',
    // A signal to these would reach every process, or the one that sends it.
    '{"supervisor":{"pid":5,"startTicks":"1"},"processes":{"web":{"pid":1,"startTicks":"1"}}}',
    '{"supervisor":{"pid":5,"startTicks":"1"},"processes":{"web":{"pid":0,"startTicks":"1"}}}',
    '{"supervisor":{"pid":5,"startTicks":"1"},"processes":{"web":{"pid":-5,"startTicks":"1"}}}',
    '{"supervisor":{"pid":5,"startTicks":"1"},"processes":{"web":{"pid":"5","startTicks":"1"}}}',
  ])("is damaged, and nobody is ended by it: %s", (text) => {
    const home = makeHome();
    writeFileSync(join(home, "run.json"), text);
    expect(readRunRecord(home)).toBe("damaged");
  });
});
