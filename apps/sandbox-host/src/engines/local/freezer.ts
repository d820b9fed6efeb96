import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { Socket } from "node:net";
import * as path from "node:path";
import type { ControlGroupPlan } from "./control-group-plan.ts";
import { hostProgramEnvironment } from "./host-program.ts";

/** Stops all processes of a sandbox where they are, and lets them go on. Both are done when they return. */
export interface Freezer {
  freeze(): void;
  thaw(): void;
  /** Ids of the processes, as this machine counts them. */
  processes(): readonly number[];
}

const readText = (file: string): string => {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

/** What `/proc/<pid>/stat` says after the name, which may hold anything: the state comes first, the parent second. */
const statFields = (pid: number | string): readonly string[] => {
  const stat = readText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
};

/** In clock ticks, its ended children included; see `man 5 proc`. */
const ticksOf = (pid: number): number =>
  statFields(pid)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0);

/** USER_HZ, which is 100 on every machine that Node runs on. */
const msPerTick = 10;

/** Processor time of these processes so far, in milliseconds; less where some have ended. */
export const processorMs = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + ticksOf(pid), 0) * msPerTick;

/** Path and arguments of a process, each ended by a NUL; empty where it has ended. */
export const commandLineOf = (pid: number): string => readText(`/proc/${pid}/cmdline`);

const isAlive = (pid: number): boolean => {
  const [state = ""] = statFields(pid);
  return state !== "" && state !== "Z" && state !== "X";
};

/** The process has ended, or ends as soon as it is thawed: a kill doesn't reach what is frozen in a version 1 group. */
const isEnding = (pid: number): boolean => {
  if (!isAlive(pid)) return true;
  const pending = readText(`/proc/${pid}/status`).matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm);
  return [...pending].some(([, mask = "0"]) => (BigInt(`0x${mask}`) & (1n << 8n)) !== 0n);
};

/** Takes down which processes live now; the answer tells whether one of them has ended since. */
export const watchLives = (pids: readonly number[]): (() => boolean) => {
  const alive = pids.filter(isAlive);
  return () => alive.some(isEnding);
};

/** Thaws whatever a group of groups holds, once its standard input ends. */
const thawAtEnd = 'read -r _; for state in "$1"/*/freezer.state; do [ -e "$state" ] && echo THAWED >"$state"; done';
const guarded = new Set<string>();

/**
 * A kill doesn't reach what is frozen in a version 1 group, so that with this process killed its sandboxes would stay for
 * ever. A small process outlives this one for a moment, in whatever way it ends, and thaws them: then they die.
 */
const guardGroups = (parent: string): void => {
  if (guarded.has(parent)) return;
  guarded.add(parent);
  const guard = spawn("/bin/sh", ["-c", thawAtEnd, "sh", parent], {
    // Nothing of the host's own secrets lies in another process's environment.
    env: hostProgramEnvironment,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.on("error", () => guarded.delete(parent));
  guard.on("close", () => guarded.delete(parent));
  guard.stdin.on("error", () => {});
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  guard.unref();
};

/** The freezer of the sandbox's control group; undefined where the machine has none. */
export const groupFreezer = ({ freezer }: Pick<ControlGroupPlan, "freezer">): Freezer | undefined => {
  if (freezer === undefined) return undefined;
  const { folder, file, frozen, thawed } = freezer;
  const write = (value: string): void => {
    try {
      fs.writeFileSync(path.join(folder, file), value, { flag: "r+" });
    } catch (error) {
      // With the sandbox its group is gone.
      if (!(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENODEV")))
        throw error;
    }
  };
  return {
    freeze: () => {
      if (file === "freezer.state") guardGroups(path.dirname(folder));
      write(frozen);
    },
    thaw: () => write(thawed),
    processes: () => readText(path.join(folder, "cgroup.procs")).split("\n").filter(Boolean).map(Number),
  };
};

/** Whose parent is whose. */
const readParents = (): ReadonlyMap<number, number> =>
  new Map(
    fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [Number(pid), Number(statFields(pid)[1] ?? 0)]),
  );

/** A process and all that descend from it, each after its parent. */
const familyOf = (root: number): readonly number[] => {
  const parents = readParents();
  const family = parents.has(root) ? [root] : [];
  for (const member of family) for (const [pid, parent] of parents) if (parent === member) family.push(pid);
  return family;
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
};

/** More rounds than a family that stops from the top down can outrun. */
const roundsMax = 20;

/**
 * The same without a control group, for a process and all that descend from it. Parents stop before their children and go
 * on after them, so that no shell ever sees a child of its own stopped.
 */
export const signalFreezer = (root: number): Freezer => {
  let stopped: readonly number[] = [];
  return {
    freeze: () => {
      const known = new Set<number>();
      for (let round = 0; round < roundsMax; round += 1) {
        const young = familyOf(root).filter((pid) => !known.has(pid));
        if (young.length === 0) break;
        for (const pid of young) {
          known.add(pid);
          signal(pid, "SIGSTOP");
        }
      }
      stopped = [...known];
    },
    thaw: () => {
      for (const pid of stopped.toReversed()) signal(pid, "SIGCONT");
      stopped = [];
    },
    processes: () => familyOf(root),
  };
};
