import { agentShell, openCodeArguments } from "@threadbox/contracts/opencode";
import { terminalsProgram } from "@threadbox/contracts/sandbox-terminals";
import { expect, test } from "vitest";
import { commandOf, familiesOf, readProcesses } from "./read-processes.ts";
import { runningCommands } from "./running-commands.ts";

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly argv: readonly string[];
  readonly state?: string;
  readonly name?: string;
  readonly start?: number;
}

/** `man 5 proc`: state, parent, six fields, four counts of faults, user and system time, four more, threads, alarm, start, size, pages. */
const statOf = ({ pid, parent, state = "S", name = "x", start = 5_000 }: Row) =>
  `${pid} (${name}) ${state} ${parent} 1 1 0 -1 0 0 0 0 0 100 50 0 0 20 0 1 0 ${start} 9999 256 18446744073709551615 0\n`;
const printed = (...rows: readonly Row[]) => ({
  stdout: [
    "100.50",
    "100",
    "4096",
    ...rows.flatMap((row) => [statOf(row), `${row.argv.length}`, ...row.argv]),
    "",
  ].join("\0"),
});

const sandbox = [
  { pid: 1, parent: 0, argv: ["bwrap"] },
  { pid: 2, parent: 1, argv: ["node", "supervisor"] },
  { pid: 3, parent: 2, argv: ["/opt/opencode", ...openCodeArguments("127.0.0.1")] },
  { pid: 4, parent: 2, argv: ["bash", "-c", "ours", "processes"] },
  { pid: 10, parent: 3, argv: ["/usr/bin/perl", agentShell, "-c", "npm  test\n&& ls"], start: 8_050 },
  { pid: 11, parent: 10, argv: ["bash", "-c", "npm test"] },
  { pid: 12, parent: 11, argv: ["node", "vitest"] },
  { pid: 19, parent: 1, argv: ["node", "--max-old-space-size=64", terminalsProgram, "serve"] },
  { pid: 20, parent: 19, argv: ["/usr/bin/perl", "pty", "80", "24", "/bin/bash", "-l"] },
  { pid: 21, parent: 20, argv: ["/bin/bash", "-l"] },
  { pid: 22, parent: 21, argv: ["top", "-b"] },
  { pid: 30, parent: 1, argv: ["node", "server.js"] },
  { pid: 32, parent: 1, argv: ["/bin/sh", "-c", "head >log", "threadbox-log", "1024", "log"] },
  { pid: 31, parent: 30, argv: [], state: "Z" },
];

test("commands are told by who started them, each with all that it started, and nothing of ours", () => {
  const commands = runningCommands(familiesOf(readProcesses(printed(...sandbox))));
  expect(commands.map(({ pid, by, command, processes }) => ({ pid, by, command, processes }))).toEqual([
    { pid: 22, by: "terminal", command: "top -b", processes: 1 },
    { pid: 30, by: "background", command: "node server.js", processes: 1 },
    { pid: 10, by: "agent", command: "npm test && ls", processes: 3 },
  ]);
  expect(commands.at(-1)).toMatchObject({
    ageMs: 20_000,
    cpuMs: 4_500,
    memoryBytes: 3 * 256 * 4_096,
    startTicks: 8_050,
  });
});

test("where the supervisor is the first process, what it starts besides OpenCode stays ours", () => {
  const rows = [
    { pid: 1, parent: 0, argv: ["server"] },
    { pid: 3, parent: 1, argv: ["opencode", ...openCodeArguments("0.0.0.0")] },
    { pid: 4, parent: 1, argv: ["bash", "-c", "ours"] },
  ];
  expect(familiesOf(readProcesses(printed(...rows)))).toEqual([]);
});

test("a process may call itself what it likes", () => {
  const [found] = readProcesses(printed({ pid: 5, parent: 1, argv: ["a\nb"], name: "x) Z 9 (\n" }));
  expect(found).toMatchObject({ pid: 5, parent: 1, argv: ["a\nb"] });
});

test.each([
  ["nothing", ""],
  ["no numbers", "up\0ticks\0pages\0"],
  ["a count without its arguments", ["1", "100", "4096", "1 (x) S 1 1", "999999", ""].join("\0")],
  ["a stat that is none", ["1", "100", "4096", "hello", "0", ""].join("\0")],
])("%s is no process", (_, stdout) => {
  expect(readProcesses({ stdout })).toEqual([]);
});

test.each([
  [["bash", "-lc", "x"], "bash -lc x"],
  [["sh", "-e", "-c", "run me"], "run me"],
  [["python3", "-c", "print(1)"], "python3 -c print(1)"],
  [[], ""],
])("%j was typed as %j", (argv, command) => {
  const process = { pid: 1, parent: 0, argv, startTicks: 1, ageMs: 0, cpuMs: 0, memoryBytes: 0 };
  expect(commandOf(process)).toBe(command);
});

test("processes that are each other's parents are counted once", () => {
  const rows = [
    ...sandbox.slice(0, 3),
    { pid: 40, parent: 3, argv: ["a"] },
    { pid: 41, parent: 40, argv: ["b"] },
    { pid: 41, parent: 41, argv: ["c"] },
  ];
  const [family] = familiesOf(readProcesses(printed(...rows)));
  expect(family?.members.length).toBeLessThanOrEqual(3);
});
