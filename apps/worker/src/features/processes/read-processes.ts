import { agentShell } from "@threadbox/contracts/opencode";
import type { ExecResult } from "@threadbox/contracts/sandbox-host";
import { terminalsProgram } from "@threadbox/contracts/sandbox-terminals";
import { isOpenCode } from "./processes-program.ts";

/** One process inside a sandbox. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly argv: readonly string[];
  readonly startTicks: number;
  readonly ageMs: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** So many are read of what was printed; a sandbox may hold fewer. */
const readMax = 4_096;
const argumentsReadMax = 64;

/** `pid (name) state parent …`: the name may hold anything, so what follows is counted from the last parenthesis. */
const statForm = /^(\d{1,9}) \(.*\) (\S) (\d{1,9}) (.*)$/s;
/** Of what follows the parent, in the order of `man 5 proc`. */
const [userTicksAt, systemTicksAt, startTicksAt, pagesAt] = [9, 10, 17, 19];

interface Machine {
  readonly upMs: number;
  readonly msPerTick: number;
  readonly pageBytes: number;
}

const readProcess = (
  stat: string,
  argv: readonly string[],
  { upMs, msPerTick, pageBytes }: Machine,
): Process | null => {
  const [, pid, state, parent, rest = ""] = statForm.exec(stat) ?? [];
  const fields = rest.trim().split(" ").map(Number);
  const [user, system, start, pages] = [userTicksAt, systemTicksAt, startTicksAt, pagesAt].map(
    (at) => fields[at] ?? Number.NaN,
  );
  if (pid === undefined || state === "Z" || user === undefined || system === undefined) return null;
  if (start === undefined || pages === undefined || ![user, system, start, pages].every(Number.isSafeInteger))
    return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    argv,
    startTicks: start,
    ageMs: Math.max(0, upMs - start * msPerTick),
    cpuMs: (user + system) * msPerTick,
    memoryBytes: Math.max(0, pages) * pageBytes,
  };
};

/** The processes that were printed. Whoever printed them may lie: what has not that form ends the list. */
export const readProcesses = ({ stdout }: Pick<ExecResult, "stdout">): readonly Process[] => {
  const fields = stdout.split("\0");
  const [up = 0, ticks = 0, pageBytes = 0] = fields.slice(0, 3).map(Number);
  if (!(up > 0 && ticks > 0 && pageBytes > 0)) return [];
  const machine = { upMs: up * 1000, msPerTick: 1000 / ticks, pageBytes };
  const found: Process[] = [];
  for (let at = 3; at + 1 < fields.length && found.length < readMax; ) {
    const count = Number(fields[at + 1]);
    if (!Number.isInteger(count) || count < 0 || count > argumentsReadMax) break;
    const read = readProcess(fields[at] ?? "", fields.slice(at + 2, at + 2 + count), machine);
    if (read !== null) found.push(read);
    at += 2 + count;
  }
  return found;
};

/** What a process is a part of: OpenCode's own, ours, or a command that somebody started. */
export interface Family {
  readonly head: Process;
  readonly by: "agent" | "terminal" | "background";
  /** The head first. */
  readonly members: readonly Process[];
}

/** What the agent's shell lets write down the output of a command in the background: it calls itself so. */
const isLog = ({ argv }: Process): boolean => argv[3] === "threadbox-log";

/** The server of the terminals; a shell is the child of its child. */
const isTerminals = ({ argv }: Process): boolean => argv.includes(terminalsProgram);

/**
 * The commands that run: what OpenCode has started, what was typed in its terminals' shells, and what was left behind by
 * either. What the supervisor starts besides OpenCode is ours.
 */
export const familiesOf = (processes: readonly Process[]): readonly Family[] => {
  const children = new Map<number, Process[]>();
  for (const process of processes) children.set(process.parent, [...(children.get(process.parent) ?? []), process]);
  const childrenOf = ({ pid }: Process): readonly Process[] =>
    (children.get(pid) ?? []).filter((child) => child.pid !== pid);
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const servers = processes.filter(({ argv }) => isOpenCode(argv));
  const server = servers.find(({ parent }) => !servers.some(({ pid }) => pid === parent));
  if (server === undefined) return [];
  const membersOf = (head: Process): readonly Process[] => {
    const members = new Set([head]);
    for (const member of members) for (const child of childrenOf(member)) members.add(child);
    return [...members];
  };
  const first = byPid.get(1);
  const own = childrenOf(server);
  const typed = processes.filter(isTerminals).flatMap(childrenOf).flatMap(childrenOf).flatMap(childrenOf);
  const left =
    first === undefined || first.pid === server.parent
      ? []
      : childrenOf(first).filter(({ pid }) => pid !== server.parent && pid !== server.pid);
  return [
    ...own.map((head) => ({ head, by: "agent" as const })),
    ...typed.map((head) => ({ head, by: "terminal" as const })),
    ...left
      .filter((child) => !isLog(child) && !isTerminals(child))
      .map((head) => ({ head, by: "background" as const })),
  ].map((family) => ({ ...family, members: membersOf(family.head) }));
};

const shells: ReadonlySet<string> = new Set([
  agentShell,
  "bash",
  "sh",
  "/bin/bash",
  "/bin/sh",
  "/usr/bin/perl",
  "perl",
]);

/** As it was typed: what a shell was told to run, or the arguments. */
export const commandOf = ({ argv }: Process): string => {
  const at = argv.indexOf("-c");
  const isShell = at > 0 && at < 4 && argv.slice(0, at).every((each) => shells.has(each) || each.startsWith("-"));
  return (isShell ? (argv[at + 1] ?? "") : argv.join(" ")).replace(/\s+/g, " ").trim();
};
