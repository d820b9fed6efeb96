import type { SaveOccasion } from "@threadbox/contracts/journal";
import { type SandboxStatus, SavedSnapshot, type SaveState } from "@threadbox/contracts/sandbox";
import { Schema } from "effect";

const Occasion = Schema.Literals(["turn", "end", "use"] satisfies SaveOccasion[]);

/** What is known of the saves of a thread's sandbox. Times are milliseconds since 1970. */
export const SaveRecord = Schema.Struct({
  /** Grows with every change. */
  revision: Schema.Number,
  /** What was on the disks then is saved, or there was nothing; 0 before the first attempt has succeeded. */
  savedTo: Schema.Number,
  /** The newest, and when it was begun. */
  snapshot: Schema.optionalKey(SavedSnapshot),
  snapshotFrom: Schema.optionalKey(Schema.Number),
  /** What has begun and has not been seen to end. */
  attempt: Schema.optionalKey(Schema.Struct({ at: Schema.Number, occasion: Occasion })),
  /** The attempts since the last one that succeeded. */
  failures: Schema.optionalKey(
    Schema.Struct({
      since: Schema.Number,
      count: Schema.Number,
      occasion: Occasion,
      /** One plain sentence. */
      reason: Schema.String,
      retryAt: Schema.Number,
    }),
  ),
});
export type SaveRecord = typeof SaveRecord.Type;

/** A sandbox in use is saved this often, whatever its turns do. */
export const saveIntervalMs = 5 * 60_000;
const retryMs = { first: 5_000, last: 3_600_000 } as const;

export const noSaves: SaveRecord = { revision: 0, savedTo: 0 };

export const toSaveState = ({ revision, snapshot, snapshotFrom, attempt, failures }: SaveRecord): SaveState => ({
  revision,
  ...(snapshotFrom === undefined ? {} : { savedAt: snapshotFrom }),
  ...(snapshot?.warning === undefined ? {} : { warning: snapshot.warning }),
  ...(snapshot?.isDiskFull === true ? { isDiskFull: true } : {}),
  ...(attempt === undefined ? {} : { savingSince: attempt.at }),
  ...(failures === undefined ? {} : { problem: failures.reason }),
});

const revised = ({ revision }: SaveRecord, now: number): number => Math.max(now, revision + 1);

export const begun = (saves: SaveRecord, occasion: SaveOccasion, now: number): SaveRecord => ({
  ...saves,
  revision: revised(saves, now),
  attempt: { at: now, occasion },
});

/** `from`: when the save began. Without a snapshot there was nothing that could be saved. */
export const saved = (
  { failures: _, attempt: __, ...saves }: SaveRecord,
  from: number,
  now: number,
  snapshot?: SavedSnapshot,
): SaveRecord => ({
  ...saves,
  revision: revised(saves, now),
  savedTo: from,
  ...(snapshot === undefined ? {} : { snapshot, snapshotFrom: from }),
});

export const failed = (
  { attempt: _, failures, ...saves }: SaveRecord,
  occasion: SaveOccasion,
  reason: string,
  now: number,
): SaveRecord => {
  const count = (failures?.count ?? 0) + 1;
  const retryAt = now + Math.min(retryMs.first * 2 ** (count - 1), retryMs.last);
  return {
    ...saves,
    revision: revised(saves, now),
    failures: { since: failures?.since ?? now, count, occasion, reason, retryAt },
  };
};

/** The part of a sandbox's record that decides on its saves. */
export interface Saved {
  readonly status: SandboxStatus;
  readonly since: number;
  readonly saves?: SaveRecord;
  /** When the sandbox was last used. */
  readonly activityAt: number;
}

/**
 * When the next save falls due by itself, and what for; null while everything is saved. What runs changes files while it is
 * used, and whatever ran may have until its end. An attempt that was cut short is due at once.
 */
export const nextSave = (
  { status, since, saves = noSaves, activityAt }: Saved,
  isRunning: boolean,
): { readonly at: number; readonly occasion: SaveOccasion } | null => {
  if (status === "destroyed" || (isRunning ? activityAt : since) <= saves.savedTo) return null;
  if (saves.failures !== undefined) return { at: saves.failures.retryAt, occasion: saves.failures.occasion };
  if (saves.attempt !== undefined) return saves.attempt;
  if (!isRunning) return { at: since, occasion: "end" };
  return { at: (saves.savedTo || since) + saveIntervalMs, occasion: "use" };
};
