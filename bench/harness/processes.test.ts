import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cpuMsOf, familyOf, parseStat } from "./processes.ts";

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

test("a program's name does not shift the fields", () => {
  const rest = Array.from({ length: 30 }, () => "0").join(" ");
  expect(parseStat(`42 (a) b (c) S 7 8 9 0 -1 0 0 0 0 0 120 30 5 2 ${rest}`)).toEqual({
    pid: 42,
    parent: 7,
    group: 8,
    cpuMs: 1570,
  });
});

test("a family holds children, their children and the group, each once, and no stranger", () => {
  const of = (pid: number, parent: number, group: number) => ({ pid, parent, group, cpuMs: 1 });
  const processes = [of(30, 20, 20), of(10, 1, 10), of(20, 10, 20), of(40, 1, 10), of(50, 1, 50)];
  expect(familyOf(10, processes).map(({ pid }) => pid)).toEqual([30, 10, 20, 40]);
});

test("the work of a grandchild in its own group is counted", async () => {
  const burn = "const until = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < until);";
  const grandchild = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(`${burn} console.log("burnt"); setInterval(() => {}, 1e6)`)}], { detached: true, stdio: "inherit" })`;
  const child = spawn(process.execPath, ["-e", grandchild], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const pid = child.pid ?? 0;
  await once(child.stdout, "data");
  const cpuMs = cpuMsOf(pid);
  for (const target of [pid, ...childrenOf(pid)]) process.kill(target, "SIGKILL");
  expect(cpuMs).toBeGreaterThanOrEqual(290);
});
