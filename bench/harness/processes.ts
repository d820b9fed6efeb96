import { readdirSync, readFileSync } from "node:fs";

/** Linux counts CPU time for `/proc` in hundredths of a second on every machine that runs Node. */
const tickMs = 10;

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** utime + stime, and those of the children it has waited for, in milliseconds. */
  readonly cpuMs: number;
}

/** Reads the text of `/proc/<pid>/stat`; the program's name in it may hold spaces and brackets. */
export const parseStat = (text: string): ProcessTimes => {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const at = (number: number) => Number(fields[number - 3]);
  return {
    pid: Number.parseInt(text, 10),
    parent: at(4),
    group: at(5),
    cpuMs: (at(14) + at(15) + at(16) + at(17)) * tickMs,
  };
};

/** The process, all below it and all of its group: what one start has spawned, in or out of a jail. */
export const familyOf = (root: number, processes: readonly ProcessTimes[]): readonly ProcessTimes[] => {
  const family = new Set([root]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent, group } of processes) if (family.has(parent) || group === root) family.add(pid);
  }
  return processes.filter(({ pid }) => family.has(pid));
};

const readProcesses = (): readonly ProcessTimes[] =>
  readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [parseStat(readFileSync(`/proc/${name}/stat`, "utf8"))];
    } catch {
      return [];
    }
  });

/** The processes of a family that run now, the process itself included. */
export const runningFamilyOf = (root: number): readonly number[] =>
  familyOf(root, readProcesses()).map(({ pid }) => pid);

/** Resident memory of some processes together, in bytes; one that has ended counts as nothing. */
export const residentBytesOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    try {
      const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
      return sum + kibibytes * 1024;
    } catch {
      return sum;
    }
  }, 0);

/**
 * CPU time so far of the families of these processes. Read it before they are ended: what dies unwaited-for is lost,
 * and a process that has left both its parent and its group is not found.
 */
export const cpuMsOf = (...roots: readonly number[]): number => {
  const processes = readProcesses();
  const members = new Map(roots.flatMap((root) => familyOf(root, processes)).map((member) => [member.pid, member]));
  return [...members.values()].reduce((sum, { cpuMs }) => sum + cpuMs, 0);
};
