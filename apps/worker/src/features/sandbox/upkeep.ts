import { isRunning, type SandboxRecord } from "./record.ts";

/** How often a running sandbox is looked after: its thread's access, its life, its idleness. */
export const upkeepIntervalMs = 30_000;
/** A deleted thread can be restored for half a minute; after this long its workspace goes too. */
export const workspaceGraceMs = 10 * 60_000;

export type UpkeepStep = "check access" | "sleep" | "check life" | "delete workspace";

/** What is due now, in the order in which it is to be done. */
export const dueSteps = (record: SandboxRecord, now: number, idleMs: number): readonly UpkeepStep[] => {
  const steps: UpkeepStep[] = [];
  if (record.accessLostAt !== null && now >= record.accessLostAt + workspaceGraceMs) steps.push("delete workspace");
  if (!isRunning(record)) return steps;
  steps.push("check access", now >= record.activityAt + idleMs ? "sleep" : "check life");
  return steps;
};

/** When to look again; null where nothing is left to do. `owedAt`: when Convex is to be told what it does not know. */
export const nextAlarmAt = (
  record: SandboxRecord,
  now: number,
  idleMs: number,
  owedAt: number | null,
): number | null => {
  const times: number[] = owedAt === null ? [] : [owedAt];
  if (record.accessLostAt !== null) times.push(Math.max(now + 1, record.accessLostAt + workspaceGraceMs));
  if (isRunning(record)) times.push(Math.min(now + upkeepIntervalMs, Math.max(now + 1, record.activityAt + idleMs)));
  return times.length === 0 ? null : Math.min(...times);
};
