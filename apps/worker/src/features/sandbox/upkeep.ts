import { isRunning, type SandboxRecord } from "./record.ts";
import { nextSave } from "./save-record.ts";

/** How often a running sandbox is looked after: its thread's access, its life, its idleness. */
export const upkeepIntervalMs = 30_000;
/** A deleted thread can be restored for half a minute; after this long its workspace goes too. */
export const workspaceGraceMs = 10 * 60_000;

/** How often it is asked whether the thread of a sandbox that doesn't run is still there: its files go with it. */
export const threadLookMs = 24 * 60 * 60_000;
/** So long after its last use OpenCode may be started anew. */
export const recycleQuietMs = 10_000;

export type UpkeepStep = "check access" | "sleep" | "recycle" | "check life" | "save" | "delete workspace";

/** What a sandbox is looked after by. `idleMs`: without activity for so long it sleeps. */
export interface UpkeepPolicy {
  readonly idleMs: number;
  /** Its provider saves files beside what goes on. */
  readonly canSave: boolean;
  /** Its provider starts OpenCode anew, and nothing else. */
  readonly canRecycle: boolean;
}

/** When the thread of a sandbox is to be asked about, where nothing else does; null: not at all. */
const nextThreadLook = (record: SandboxRecord): number | null => {
  const { isGone = false, accessLostAt, accessCheckedAt } = record;
  return isGone || accessLostAt !== null || isRunning(record) ? null : accessCheckedAt + threadLookMs;
};

/** When OpenCode may be started anew, where it has to be asked whether it should. Never within a turn. */
const nextRecycle = ({ status, mayHaveGrown = false, activityAt }: SandboxRecord): number | null =>
  status === "ready" && mayHaveGrown ? activityAt + recycleQuietMs : null;

/** What is due now, in the order in which it is to be done. */
export const dueSteps = (
  record: SandboxRecord,
  now: number,
  { idleMs, canSave, canRecycle }: UpkeepPolicy,
): readonly UpkeepStep[] => {
  const steps: UpkeepStep[] = [];
  if (record.accessLostAt !== null && now >= record.accessLostAt + workspaceGraceMs) steps.push("delete workspace");
  const runs = isRunning(record);
  if (runs) steps.push("check access", now >= record.activityAt + idleMs ? "sleep" : "check life");
  const recycle = canRecycle ? nextRecycle(record) : null;
  if (recycle !== null && now >= recycle) steps.push("recycle");
  const threadLook = nextThreadLook(record);
  if (threadLook !== null && now >= threadLook) steps.push("check access");
  const save = canSave ? nextSave(record, runs) : null;
  if (save !== null && now >= save.at) steps.push("save");
  return steps;
};

/** When to look again; null where nothing is left to do. `owedAt`: when Convex is to be told what it does not know. */
export const nextAlarmAt = (
  record: SandboxRecord,
  now: number,
  { idleMs, canSave, canRecycle }: UpkeepPolicy,
  owedAt: number | null,
): number | null => {
  const times: number[] = owedAt === null ? [] : [owedAt];
  // What is due has just been tried: it is tried again, and not at once.
  const later = (at: number): number => (at > now ? at : now + upkeepIntervalMs);
  if (record.accessLostAt !== null) times.push(later(record.accessLostAt + workspaceGraceMs));
  if (isRunning(record)) times.push(Math.min(now + upkeepIntervalMs, later(record.activityAt + idleMs)));
  const recycle = canRecycle ? nextRecycle(record) : null;
  if (recycle !== null) times.push(Math.max(now + 1, recycle));
  const threadLook = nextThreadLook(record);
  if (threadLook !== null) times.push(Math.max(now + upkeepIntervalMs, threadLook));
  const save = canSave ? nextSave(record, isRunning(record)) : null;
  // One that is under way is looked at now and then: it is begun again where it was cut short.
  if (save !== null)
    times.push(record.saves?.attempt === undefined ? Math.max(now + 1, save.at) : now + upkeepIntervalMs);
  return times.length === 0 ? null : Math.min(...times);
};
