import type { ThreadId } from "@threadbox/contracts/ids";
import type { JournalEntry } from "@threadbox/contracts/journal";
import { Clock, Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { ConvexClient } from "../../platform/convex-client.ts";
import { journalDebt } from "../../platform/journal.ts";
import { log } from "../../platform/log.ts";
import { Outbox } from "../../platform/outbox.ts";
import { SandboxProvider } from "./provider.ts";
import { type SandboxRecord, toProjection, withStatus } from "./record.ts";
import { noSaves, type SaveRecord } from "./save-record.ts";
import { SandboxStore } from "./store.ts";
import { type StartSplit, tellState } from "./stretches.ts";
import { nextAlarmAt } from "./upkeep.ts";

/** The record of a thread's sandbox, and what Convex is owed of it. */
export const makeReportedRecord = Effect.gen(function* () {
  const { sandboxIdleMs } = yield* WorkerConfig;
  const provider = yield* SandboxProvider;
  const convex = yield* ConvexClient;
  const store = yield* SandboxStore;
  const audit = yield* AuditTrail;
  const policy = {
    idleMs: sandboxIdleMs,
    get canSave() {
      return provider.capabilities.has("save");
    },
    get canRecycle() {
      return provider.capabilities.has("recycle");
    },
  };
  const outbox = new Outbox(store.outboxRows);
  const { read } = store;

  const drainReports: Effect.Effect<void> = Effect.gen(function* () {
    const refused = yield* outbox.drain;
    const record = read();
    if (record !== null) for (const each of refused) yield* audit.setAside(record.threadId, each);
  }).pipe(Effect.provideService(ConvexClient, convex));

  /** Convex is owed the newest state only: an older one that it has not taken tells it nothing. */
  const owe = (record: SandboxRecord): void =>
    store.outboxRows.replace("", { path: "sandboxes:report", args: toProjection(record, provider.id) });

  const inherited = read();
  if (inherited?.isReported === false) {
    const { isReported: _, ...record } = inherited;
    owe(record);
    store.write(record);
  }

  const scheduleLook = (record: SandboxRecord, now: number): void =>
    store.scheduleUpkeep(nextAlarmAt(record, now, policy, outbox.nextAt(now)));

  /** Changes fields that Convex does not show; reads again, because others may have written since. */
  const patch = (record: SandboxRecord, more: Partial<SandboxRecord>): void =>
    store.write({ ...(read() ?? record), ...more });

  /** Entries of the thread's journal do not wait for each other. */
  const tell = (threadId: ThreadId, entry: JournalEntry): void =>
    store.outboxRows.replace(entry.entryId, { path: "journal:append", args: journalDebt(threadId, entry) });

  /** The same for an entry that belongs to no change of state. */
  const tellNow = Effect.fnUntraced(function* (threadId: ThreadId, entry: JournalEntry) {
    tell(threadId, entry);
    yield* Effect.forkDetach(drainReports);
  });

  /** Makes a new state durable, schedules the next look and tells Convex without waiting for it. */
  const save = Effect.fnUntraced(function* ({ stretch: _, ...state }: SandboxRecord, split?: StartSplit) {
    const now = yield* Clock.currentTimeMillis;
    const { entries, stretch } = tellState(read(), state, split);
    const record: SandboxRecord = stretch === null ? state : { ...state, stretch };
    store.write(record);
    owe(record);
    for (const entry of entries) tell(record.threadId, entry);
    scheduleLook(record, now);
    const { threadId, generation, status } = record;
    log("sandbox.state.changed", { threadId, generation, status });
    yield* Effect.forkDetach(drainReports);
    return record;
  });

  const change = Effect.fnUntraced(function* (
    record: SandboxRecord,
    status: SandboxRecord["status"],
    reason: string,
    more: Partial<SandboxRecord> = {},
    split?: StartSplit,
  ) {
    const now = yield* Clock.currentTimeMillis;
    return yield* save({ ...withStatus(read() ?? record, status, reason, now), ...more }, split);
  });

  /** Makes durable and tells how it stands with the saves. Nothing where there is no record any more. */
  const changeSaves = Effect.fnUntraced(function* (
    threadId: ThreadId,
    edit: (saves: SaveRecord) => SaveRecord,
    entriesOf: (saves: SaveRecord) => readonly JournalEntry[],
  ) {
    const known = read();
    if (known === null) return;
    const saves = edit(known.saves ?? noSaves);
    const record = { ...known, saves };
    store.write(record);
    owe(record);
    for (const entry of entriesOf(saves)) tell(threadId, entry);
    scheduleLook(record, yield* Clock.currentTimeMillis);
    yield* Effect.forkDetach(drainReports);
  });

  return {
    policy,
    read,
    write: store.write,
    readOrigin: store.readOrigin,
    writeOrigin: store.writeOrigin,
    patch,
    save,
    change,
    changeSaves,
    tell: tellNow,
    scheduleLook,
    drainReports,
  };
});

export type ReportedRecord = Effect.Success<typeof makeReportedRecord>;
