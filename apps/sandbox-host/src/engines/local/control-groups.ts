import * as fs from "node:fs/promises";
import * as path from "node:path";
import {
  type ControlGroupPlan,
  type ControlGroupRoots,
  freezerFiles,
  parseControlGroupRoots,
} from "./control-group-plan.ts";
import { type Freezer, groupFreezer } from "./freezer.ts";

const isWritableFolder = async (folder: string): Promise<boolean> => {
  const probe = path.join(folder, `threadbox-probe-${process.pid}`);
  return fs
    .mkdir(probe)
    .then(() => fs.rmdir(probe))
    .then(
      () => true,
      () => false,
    );
};

const firstWritable = async (folders: readonly string[]): Promise<string | undefined> => {
  for (const folder of folders) if (await isWritableFolder(folder)) return folder;
  return undefined;
};

/** Finds where limits can be set, or says in one sentence why they cannot. */
export const findControlGroupRoots = async (): Promise<ControlGroupRoots | { readonly reason: string }> => {
  const [mountinfo, membership] = await Promise.all([
    fs.readFile("/proc/self/mountinfo", "utf8"),
    fs.readFile("/proc/self/cgroup", "utf8"),
  ]);
  const found = parseControlGroupRoots(mountinfo, membership);
  const version1 = async (controller: string): Promise<string | undefined> => {
    const at = found.controllers.get(controller);
    return at === undefined ? undefined : firstWritable([path.join(at.mount, at.own), at.mount]);
  };
  const [memory, pids, cpu, freezer] = await Promise.all(["memory", "pids", "cpu", "freezer"].map(version1));
  if (memory !== undefined && pids !== undefined) return { version: 1, memory, pids, cpu, freezer };
  if (found.unified !== undefined) {
    const own = membership.match(/^0::(.*)$/m)?.[1] ?? "/";
    const candidates = process.geteuid?.() === 0 ? [found.unified] : [path.dirname(path.join(found.unified, own))];
    const unified = await firstWritable(candidates);
    const controllers =
      unified && (await fs.readFile(path.join(unified, "cgroup.controllers"), "utf8").catch(() => ""));
    if (unified && controllers?.includes("memory") && controllers.includes("pids")) return { version: 2, unified };
  }
  return { reason: "this user may not make control groups with memory and pids limits" };
};

/** A control group that exists. */
export interface ControlGroup {
  readonly folders: readonly string[];
  /** Files into which a process writes `0` to join. */
  readonly joinFiles: readonly string[];
  /** Absent where the machine can't freeze groups. */
  readonly freezer: Freezer | undefined;
  /** Processes that the kernel killed for want of memory. */
  countOomKills(): Promise<number>;
}

/** Making a group while another is removed could lose the folder above both; so one thing happens at a time. */
let lastChange: Promise<unknown> = Promise.resolve();
const inTurn = <A>(change: () => Promise<A>): Promise<A> => {
  const after = lastChange.then(change, change);
  lastChange = after.catch(() => {});
  return after;
};

export const createControlGroup = (plan: ControlGroupPlan): Promise<ControlGroup> => inTurn(() => create(plan));

const create = async (plan: ControlGroupPlan): Promise<ControlGroup> => {
  for (const folder of plan.folders) {
    await fs.mkdir(folder.path, { recursive: true });
    for (const write of folder.writes) {
      const written = fs.writeFile(path.join(folder.path, write.file), write.value, { flag: "r+" });
      await (write.isOptional ? written.catch(() => {}) : written);
    }
  }
  return {
    folders: plan.leaves,
    joinFiles: plan.leaves.map((leaf) => path.join(leaf, "cgroup.procs")),
    freezer: groupFreezer(plan),
    countOomKills: async () => {
      const text = await fs.readFile(plan.oomFile, "utf8").catch(() => "");
      return Number(text.match(/^oom_kill (\d+)$/m)?.[1] ?? 0);
    },
  };
};

const processesOf = async (folder: string): Promise<readonly number[]> => {
  const text = await fs.readFile(path.join(folder, "cgroup.procs"), "utf8").catch(() => "");
  return text.split("\n").filter(Boolean).map(Number);
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended on its own.
  }
};

const retryDelayMs = 10;
const emptyDeadlineMs = 5_000;

/** What is frozen doesn't die. */
const thawFolder = async (folder: string): Promise<void> => {
  for (const [file, { thawed }] of Object.entries(freezerFiles))
    await fs.writeFile(path.join(folder, file), thawed, { flag: "r+" }).catch(() => {});
};

/** Thaws what an earlier process has left frozen in the folders. */
export const thawControlGroup = async (folders: readonly string[]): Promise<void> => {
  await Promise.all(folders.map(thawFolder));
};

/**
 * Kills every process in the folders and removes them, and the folder above when no other sandbox is in it. Rejects
 * when processes survive for five seconds.
 */
export const removeControlGroup = async (folders: readonly string[]): Promise<void> => {
  await thawControlGroup(folders);
  await removeLeaves(folders);
  // Fails while another sandbox is in it.
  await inTurn(() => Promise.all(folders.map((folder) => fs.rmdir(path.dirname(folder)).catch(() => {}))));
};

const removeLeaves = async (folders: readonly string[]): Promise<void> => {
  const deadline = performance.now() + emptyDeadlineMs;
  for (const folder of folders) {
    for (;;) {
      for (const pid of await processesOf(folder)) kill(pid);
      const error: unknown = await fs.rmdir(folder).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined || (error instanceof Error && "code" in error && error.code === "ENOENT")) break;
      if (performance.now() > deadline)
        throw new Error(`The control group ${folder} does not become empty.`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
    }
  }
};
