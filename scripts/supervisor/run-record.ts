import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import writeFileAtomic from "write-file-atomic";

/** A process as the operating system can tell it from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of `/proc/<pid>/stat`: start time in clock ticks since boot. */
  readonly startTicks: string;
}

/** `run.json` of the state folder: who runs this installation, for a second start, for tests and for clean-up. */
export interface RunRecord {
  readonly supervisor: ProcessIdentity;
  /** Each leads a process group of its own. */
  readonly processes: Readonly<Record<string, ProcessIdentity>>;
}

const pathOf = (home: string) => join(home, "run.json");

/**
 * The fields of a `/proc/<pid>/stat` from the third on; undefined when only the process's entry is left. A zombie with
 * threads that still end is a process that still holds its ports.
 */
export const livingFields = (stat: string): readonly string[] | undefined => {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const threads = Number(fields[17]);
  return fields[0] === "X" || (fields[0] === "Z" && threads <= 1) ? undefined : fields;
};

const statOf = (pid: number): readonly string[] | undefined => {
  try {
    return livingFields(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
};

export const identify = (pid: number): ProcessIdentity | undefined => {
  const fields = statOf(pid);
  return fields && { pid, startTicks: fields[19] ?? "" };
};

export const isAlive = (known: ProcessIdentity): boolean => identify(known.pid)?.startTicks === known.startTicks;

/** Numbers below 2 would aim a signal at this process's own group or at every process there is. */
const isIdentity = (value: unknown): value is ProcessIdentity => {
  const { pid, startTicks } = (value ?? {}) as Partial<Record<keyof ProcessIdentity, unknown>>;
  return Number.isSafeInteger(pid) && Number(pid) > 1 && typeof startTicks === "string";
};

const isRunRecord = (value: unknown): value is RunRecord => {
  const { supervisor, processes } = (value ?? {}) as Partial<Record<keyof RunRecord, unknown>>;
  return (
    isIdentity(supervisor) &&
    typeof processes === "object" &&
    processes !== null &&
    Object.values(processes).every(isIdentity)
  );
};

/** `damaged`: there is a file, and it does not say who ran. */
export const readRunRecord = (home: string): RunRecord | "absent" | "damaged" => {
  try {
    const record: unknown = JSON.parse(readFileSync(pathOf(home), "utf8"));
    return isRunRecord(record) ? record : "damaged";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "absent" : "damaged";
  }
};

export const writeRunRecord = (home: string, record: RunRecord): void => {
  writeFileAtomic.sync(pathOf(home), JSON.stringify(record, null, 2), { mode: 0o600 });
};

export const removeRunRecord = (home: string): void => rmSync(pathOf(home), { force: true });

const liveGroups = (): ReadonlySet<number> =>
  new Set(readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(statOf(Number(name))?.[2])] : [])));

const killGroup = (leader: number): void => {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Gone meanwhile, or another user's: whether it still runs is what counts.
  }
};

/**
 * Ends the process groups that a killed supervisor left behind, and waits until nothing of them runs any more: until
 * then they hold their ports. A group whose leader is not the recorded process is somebody else's and left alone.
 * Returns the names of those that ended and of those that did not in time.
 */
export const reapLeftovers = async (
  record: RunRecord,
  { timeoutMs = 15_000, kill = killGroup } = {},
): Promise<{ readonly ended: readonly string[]; readonly left: readonly string[] }> => {
  const leftovers = Object.entries(record.processes).filter(([, identity]) => isAlive(identity));
  for (const [, { pid }] of leftovers) kill(pid);
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const groups = leftovers.length > 0 ? liveGroups() : new Set();
    const left = leftovers.filter(([, { pid }]) => groups.has(pid)).map(([name]) => name);
    if (left.length === 0 || performance.now() > deadline) {
      return { ended: leftovers.map(([name]) => name).filter((name) => !left.includes(name)), left };
    }
    await delay(25);
  }
};
