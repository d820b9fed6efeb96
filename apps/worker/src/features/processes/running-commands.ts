import { cutText } from "@threadbox/contracts/cut-text";
import { processLimits, type RunningCommand } from "@threadbox/contracts/processes";
import { commandOf, type Family } from "./read-processes.ts";

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const commandIn = ({ head, by, members }: Family): RunningCommand => ({
  pid: head.pid,
  startTicks: head.startTicks,
  by,
  command: cutText(commandOf(head), processLimits.commandLengthMax),
  ageMs: head.ageMs,
  cpuMs: sum(members.map(({ cpuMs }) => cpuMs)),
  memoryBytes: sum(members.map(({ memoryBytes }) => memoryBytes)),
  processes: members.length,
});

/** The commands as the page is told of them, the oldest first. */
export const runningCommands = (families: readonly Family[]): readonly RunningCommand[] =>
  families
    .map(commandIn)
    .sort((a, b) => b.ageMs - a.ageMs || a.pid - b.pid)
    .slice(0, processLimits.shownMax);
