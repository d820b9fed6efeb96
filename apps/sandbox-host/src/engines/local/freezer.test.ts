import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { groupFreezer, signalFreezer, watchLives } from "./freezer.ts";

const stateOf = async (pid: number): Promise<string> => {
  const stat = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
};

/** A shell that counts in its memory and asks for a line before each number, with a child that sleeps. */
const spawnCounter = () => {
  const script = "sleep 600 & n=0; echo up $!; while read -r _; do n=$((n + 1)); echo $n; done; kill %1";
  const child = spawn("bash", ["-c", script], { stdio: ["pipe", "pipe", "ignore"], detached: true });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // All of them have ended.
    }
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  return { child, line };
};

test("without control groups a process and all its children stop, and go on where they were", async () => {
  const { child, line } = spawnCounter();
  const sleeper = Number((await line()).split(" ")[1]);
  child.stdin.write("\n");
  expect(await line()).toBe("1");
  const freezer = signalFreezer(child.pid ?? 0);
  expect(freezer.processes()).toEqual([child.pid, sleeper]);
  freezer.freeze();
  child.stdin.write("\n");
  await expect.poll(() => Promise.all([child.pid ?? 0, sleeper].map(stateOf))).toEqual(["T", "T"]);
  freezer.thaw();
  expect(await line(), "its memory is what it was").toBe("2");
  // Whoever goes on is on a processor for a moment.
  await expect.poll(() => stateOf(sleeper)).toBe("S");
  child.stdin.end();
});

test("an end while it was frozen is seen", async () => {
  const { child, line } = spawnCounter();
  const sleeper = Number((await line()).split(" ")[1]);
  const freezer = signalFreezer(child.pid ?? 0);
  freezer.freeze();
  const hasLost = watchLives(freezer.processes());
  expect(hasLost()).toBe(false);
  process.kill(sleeper, "SIGKILL");
  await expect.poll(hasLost).toBe(true);
  freezer.thaw();
  child.stdin.end();
});

test("what has ended is frozen and thawed without complaint", () => {
  const beyondAnyPid = 2 ** 22 + 1;
  const folder = path.join(os.tmpdir(), "no-such-group");
  const group = groupFreezer({ freezer: { folder, file: "freezer.state", frozen: "FROZEN", thawed: "THAWED" } });
  for (const freezer of [signalFreezer(beyondAnyPid), group]) {
    freezer?.freeze();
    freezer?.thaw();
    expect(freezer?.processes()).toEqual([]);
  }
});
