import type { ThreadId } from "@threadbox/contracts/ids";
import type { JournalEntry, SaveOccasion } from "@threadbox/contracts/journal";
import { Clock, Effect } from "effect";
import { log } from "../../platform/log.ts";
import type { SandboxError } from "./errors.ts";
import { SandboxProvider } from "./provider.ts";
import { isRunning, type SandboxRecord } from "./record.ts";
import type { ReportedRecord } from "./reported-record.ts";
import { begun, failed, nextSave, type SaveRecord, saved } from "./save-record.ts";

const entryOf = ({ savedTo, snapshot, failures, revision }: SaveRecord, occasion: SaveOccasion): JournalEntry => {
  const common = { kind: "snapshot", revision } as const;
  if (failures === undefined) {
    const detail = { occasion, end: "saved", ...(snapshot === undefined ? {} : { bytes: snapshot.bytes }) } as const;
    const subject = snapshot?.warning ?? "";
    return { ...common, entryId: `snapshot:${savedTo}`, at: savedTo, until: revision, subject, detail };
  }
  const { since, count, reason: subject } = failures;
  const detail = { occasion: failures.occasion, end: "failed" } as const;
  return { ...common, entryId: `snapshot:failed:${since}`, at: since, until: revision, count, subject, detail };
};

/**
 * Saves a thread's sandbox beside whatever goes on in it, one save at a time, and tells how that went. A save that fails
 * loses nothing that is there; it is tried again, less and less often.
 */
export const makeSaves = Effect.fnUntraced(function* (reported: ReportedRecord) {
  const provider = yield* SandboxProvider;
  let isUnderWay = false;
  let isWantedAgain = false;

  const change = (threadId: ThreadId, edit: (saves: SaveRecord) => SaveRecord, occasion?: SaveOccasion) =>
    reported.changeSaves(threadId, edit, (saves) => (occasion === undefined ? [] : [entryOf(saves, occasion)]));

  const attempt = Effect.fnUntraced(function* ({ name, threadId }: SandboxRecord, occasion: SaveOccasion) {
    const from = yield* Clock.currentTimeMillis;
    yield* change(threadId, (saves) => begun(saves, occasion, from));
    const after = reported.read()?.after;
    const point = { cause: occasion, ...(after === undefined ? {} : { after }) };
    yield* Effect.matchEffect(provider.save(name, point), {
      onSuccess: Effect.fnUntraced(function* (snapshot) {
        const now = yield* Clock.currentTimeMillis;
        yield* change(threadId, (saves) => saved(saves, from, now, snapshot), occasion);
      }),
      onFailure: Effect.fnUntraced(function* (error: SandboxError) {
        const now = yield* Clock.currentTimeMillis;
        log("sandbox.save.failed", { threadId, reason: error._tag });
        // A sandbox that has no files has none to lose.
        if (error._tag === "SandboxNotFoundError") yield* change(threadId, (saves) => saved(saves, from, now));
        else yield* change(threadId, (saves) => failed(saves, occasion, error.message, now), occasion);
      }),
    });
  });

  const attemptAll = Effect.fnUntraced(function* (record: SandboxRecord, occasion: SaveOccasion) {
    yield* attempt(record, occasion);
    while (isWantedAgain) {
      isWantedAgain = false;
      yield* attempt(record, occasion);
    }
  });

  /** Begins a save and does not wait for it; one that is under way is followed by another. */
  const saveBeside = (record: SandboxRecord, occasion: SaveOccasion): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (!provider.capabilities.has("save")) return Effect.void;
      isWantedAgain = isUnderWay;
      if (isUnderWay) return Effect.void;
      isUnderWay = true;
      const end = Effect.sync(() => {
        isUnderWay = false;
      });
      return Effect.asVoid(Effect.forkDetach(Effect.ensuring(attemptAll(record, occasion), end)));
    });

  /** The same for what fell due by itself: whatever is under way is enough. */
  const saveWhatIsDue = (record: SandboxRecord): Effect.Effect<void> =>
    Effect.suspend(() =>
      isUnderWay ? Effect.void : saveBeside(record, nextSave(record, isRunning(record))?.occasion ?? "use"),
    );

  return { saveBeside, saveWhatIsDue };
});
