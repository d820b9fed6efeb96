import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { sandboxName } from "../../host.testing.ts";
import { reapLeftovers } from "./reaper.ts";
import { processStartTime, type RunRecord, writeRunRecord } from "./run-record.ts";
import { warmFolder } from "./sandbox-folders.ts";

const log = pino({ level: "silent" });

const leftover = async (): Promise<ChildProcess & { readonly pid: number }> => {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await new Promise((done) => child.once("spawn", done));
  const { pid } = child;
  if (pid === undefined) throw new Error("The process has no id.");
  return Object.assign(child, { pid });
};

const stateWith = async (record: RunRecord): Promise<string> => {
  const state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-reaper-"));
  onTestFinished(() => fs.rm(state, { recursive: true, force: true }));
  const run = path.join(state, "run", sandboxName());
  await fs.mkdir(run, { recursive: true });
  await writeRunRecord(path.join(run, "record.json"), record);
  return state;
};

test("a process that an earlier host left running is ended", async () => {
  const child = await leftover();
  const ended = new Promise((done) => child.once("exit", (_, signal) => done(signal)));
  const startTime = (await processStartTime(child.pid)) ?? "";
  const state = await stateWith({ controlGroup: [], process: { pid: child.pid, startTime } });
  await reapLeftovers(state, log);
  expect(await ended).toBe("SIGKILL");
  expect(await fs.readdir(path.join(state, "run"))).toEqual([]);
});

test("a process that merely has the same id is left alone", async () => {
  const child = await leftover();
  const state = await stateWith({ controlGroup: [], process: { pid: child.pid, startTime: "1" } });
  await reapLeftovers(state, log);
  expect(child.exitCode).toBeNull();
  expect(await processStartTime(child.pid)).toBeDefined();
  expect(await fs.readdir(path.join(state, "run"))).toEqual([]);
});

test("a damaged record does not stop the cleaning", async () => {
  const state = await stateWith({ controlGroup: [] });
  const [name] = await fs.readdir(path.join(state, "run"));
  await fs.writeFile(path.join(state, "run", name ?? "", "record.json"), "{");
  await reapLeftovers(state, log);
  expect(await fs.readdir(path.join(state, "run"))).toEqual([]);
});

test("what a killed host had started beforehand is nobody's, and goes", async () => {
  const state = await stateWith({ controlGroup: [] });
  await fs.mkdir(path.join(warmFolder(state), sandboxName()), { recursive: true });
  await reapLeftovers(state, log);
  expect(await fs.readdir(state)).not.toContain("warm");
});
