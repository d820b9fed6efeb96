import { chmodSync, existsSync, mkdirSync, readdirSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { identify, isAlive, type RunRecord, readRunRecord, reapLeftovers, writeRunRecord } from "./run-record.ts";
import { StartRefusal } from "./start-refusal.ts";

const freeBytesMin = 512 * 1024 ** 2;

interface HomeFacts {
  readonly mode: number;
  readonly isOwn: boolean;
  /** What lies in it. */
  readonly names: readonly string[];
  readonly freeBytes: number;
}

/** Whether the state folder can be used, and whether other users are to be kept out first. */
export const decideHome = (home: string, facts: HomeFacts): "use" | "close" | StartRefusal => {
  const { mode, isOwn, names, freeBytes } = facts;
  if (freeBytes < freeBytesMin) {
    const free = Math.floor(freeBytes / 1024 ** 2);
    return new StartRefusal(`only ${free} MB of disk space is free in ${home}; Threadbox needs 512 MB.`);
  }
  if (!isOwn) return new StartRefusal(`${home} belongs to another user. Set THREADBOX_HOME to another folder.`);
  if ((mode & 0o077) === 0) return "use";
  // Somebody's own folder, named by mistake, keeps its mode.
  if (names.length === 0 || names.includes("keys.json")) return "close";
  return new StartRefusal(
    `other users can look into ${home} (mode ${(mode & 0o777).toString(8)}), and it holds other things. ` +
      "Close it with chmod 700, or name a folder of its own with THREADBOX_HOME.",
  );
};

/** Not `recursive`: for a folder that can never be, such as one in /proc, Node then tries without end. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
};

const factsOf = (home: string): HomeFacts => {
  makeFolder(home);
  const { mode, uid } = statSync(home);
  const { bavail, bsize } = statfsSync(home);
  return {
    mode,
    isOwn: [uid, 0].includes(process.getuid?.() ?? uid),
    names: readdirSync(home),
    freeBytes: bavail * bsize,
  };
};

/** Runs what touches the state folder; the system's refusal becomes a clear word. */
const inHome = <T>(home: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartRefusal(`can't use the state folder ${home} (${why}). Set THREADBOX_HOME to another folder.`);
  }
};

const endEarlierRun = async (home: string, earlier: RunRecord, say: (line: string) => void): Promise<void> => {
  if (isAlive(earlier.supervisor)) {
    throw new StartRefusal(
      `it's already running from ${home} (process ${earlier.supervisor.pid}). Set THREADBOX_HOME to another folder.`,
    );
  }
  const { ended, left } = await reapLeftovers(earlier);
  if (ended.length > 0) say(`Stopped what an interrupted run left behind: ${ended.join(", ")}.`);
  if (left.length === 0) return;
  const names = left.map((name) => `${name} (process ${earlier.processes[name]?.pid})`).join(", ");
  throw new StartRefusal(`an interrupted run left ${names}, which can't be stopped. Stop it, and start again.`);
};

/** Makes the state folder this run's own. Returns who this process is. */
export const claimHome = async (home: string, say: (line: string) => void): Promise<RunRecord["supervisor"]> => {
  const decision = decideHome(
    home,
    inHome(home, () => factsOf(home)),
  );
  if (decision instanceof StartRefusal) throw decision;
  inHome(home, () => {
    if (decision === "close") {
      chmodSync(home, 0o700);
      say(`Made ${home} private to this user.`);
    }
    makeFolder(join(home, "logs"));
  });
  const earlier = inHome(home, () => readRunRecord(home));
  if (earlier === "damaged") say(`${join(home, "run.json")} is damaged, so nothing from an earlier run was stopped.`);
  else if (earlier !== "absent") await endEarlierRun(home, earlier, say);
  const supervisor = identify(process.pid) ?? { pid: process.pid, startTicks: "" };
  inHome(home, () => writeRunRecord(home, { supervisor, processes: {} }));
  return supervisor;
};
