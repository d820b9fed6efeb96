import * as fs from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { requireSandboxes } from "../../require-sandboxes.testing.ts";
import { escapeLimits } from "./escape-resources.testing.ts";
import { type LaunchedJail, openJailBench } from "./jail.testing.ts";

const bench = await requireSandboxes(() => openJailBench(escapeLimits));

const firstLine = async (stream: Readable): Promise<string> => {
  for await (const line of createInterface({ input: stream })) return line;
  return "";
};

/** Processes of the host whose command line carries the mark. */
const processesWith = async (mark: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const pid of await fs.readdir("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const line = await fs.readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes(mark)) found.push(pid);
  }
  return found;
};

describe.skipIf(bench === undefined)("one jail", () => {
  afterAll(() => bench?.close());

  const launchProgram = async (program: string): Promise<LaunchedJail> => {
    if (bench === undefined) throw new Error("There is no bench.");
    const launched = await bench.launch(bench.profile(escapeLimits), escapeLimits, ["perl", "-"]);
    launched.jail.stdin.end(program);
    return launched;
  };

  test("A55: a fork bomb stays below its limit and leaves nothing when it is ended", async ({ skip }) => {
    if (bench === undefined || "reason" in bench.machine.controlGroups) return skip();
    const mark = `fork-bomb-${process.pid}`;
    const launched = await launchProgram(
      `$0 = "${mark}"; $| = 1; my $isTold = 0; while (1) { next if defined fork(); print "full\\n" unless $isTold++; select(undef, undef, undef, 0.01) }`,
    );
    expect(await firstLine(launched.jail.stdout)).toBe("full");
    expect((await processesWith(mark)).length).toBeLessThanOrEqual(escapeLimits.pids);
    await launched.remove();
    expect(await processesWith(mark)).toEqual([]);
    for (const folder of launched.groups) await expect(fs.access(folder)).rejects.toThrow();
  });

  test("A56: a daemon that left its session and ignores SIGTERM ends with its jail", async () => {
    const mark = `daemon-${process.pid}`;
    const launched = await launchProgram(`
      use POSIX; $| = 1; $SIG{TERM} = $SIG{HUP} = "IGNORE";
      if (fork() == 0) { POSIX::setsid(); if (fork() == 0) { $0 = "${mark}"; print "daemon\\n"; sleep(600) } exit 0 }
      sleep(600);`);
    expect(await firstLine(launched.jail.stdout)).toBe("daemon");
    expect(await processesWith(mark)).toHaveLength(1);
    await launched.remove();
    expect(await processesWith(mark)).toEqual([]);
  });

  test("A56: nothing survives when bubblewrap itself is killed", async () => {
    const mark = `orphan-${process.pid}`;
    const launched = await launchProgram(
      `use POSIX; $| = 1; if (fork() == 0) { POSIX::setsid(); $0 = "${mark}"; print "child\\n"; sleep(600) } sleep(600);`,
    );
    expect(await firstLine(launched.jail.stdout)).toBe("child");
    launched.jail.kill();
    await launched.jail.ended;
    expect(await processesWith(mark)).toEqual([]);
    await launched.remove();
  });

  test("files made inside do not belong to the host's own user when the host is root", async ({ skip }) => {
    if (bench === undefined || !bench.machine.isRoot) return skip();
    const { complaint } = await bench.run(bench.profile(escapeLimits), escapeLimits, ["touch", "/workspace/owned"]);
    expect(complaint).toBe("");
    expect((await fs.stat(path.join(bench.workspace, "owned"))).uid).toBe(0x70000001);
  });

  test("a launch leaves no mount behind", async () => {
    const mounts = async () =>
      (await fs.readFile("/proc/self/mountinfo", "utf8")).split("\n").filter((line) => line.includes("threadbox"));
    // An engine of containers may have its own below a folder of that name.
    const before = await mounts();
    const launched = await launchProgram('$| = 1; print "up\\n"; sleep(600);');
    expect(await firstLine(launched.jail.stdout)).toBe("up");
    expect((await mounts()).filter((line) => !before.includes(line))).toEqual([]);
    await launched.remove();
  });
});
