import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A process as the operating system can tell it from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of `/proc/<pid>/stat`: start time in clock ticks since boot. */
  readonly startTicks: string;
}

/** `run.json` of the state folder: who runs this installation, for a second start, for tests and for clean-up. */
export interface RunRecord {
  readonly supervisor: ProcessIdentity;
  readonly processes: Readonly<Record<string, ProcessIdentity>>;
}

const pathOf = (home: string) => join(home, "run.json");

export const identify = (pid: number): ProcessIdentity | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : { pid, startTicks: fields[19] ?? "" };
  } catch {
    return undefined;
  }
};

export const isAlive = (known: ProcessIdentity): boolean => identify(known.pid)?.startTicks === known.startTicks;

export const readRunRecord = (home: string): RunRecord | undefined =>
  existsSync(pathOf(home)) ? (JSON.parse(readFileSync(pathOf(home), "utf8")) as RunRecord) : undefined;

export const writeRunRecord = (home: string, record: RunRecord): void => {
  writeFileSync(`${pathOf(home)}.new`, JSON.stringify(record, null, 2));
  renameSync(`${pathOf(home)}.new`, pathOf(home));
};

export const removeRunRecord = (home: string): void => rmSync(pathOf(home), { force: true });

/** Ends the process groups that a killed supervisor left behind. */
export const reapLeftovers = (record: RunRecord): readonly string[] =>
  Object.entries(record.processes).flatMap(([name, identity]) => {
    if (!isAlive(identity)) return [];
    process.kill(-identity.pid, "SIGKILL");
    return [name];
  });
