import type { Generation, MessageId, ThreadId } from "@threadbox/contracts/ids";
import { beginningId } from "@threadbox/contracts/point-limits";
import type { SandboxProjection } from "@threadbox/contracts/sandbox";
import type { NapCause, SandboxEnd } from "@threadbox/contracts/sandbox-host";
import { Clock, Context, Deferred, Effect, Exit, Layer, Option, Semaphore } from "effect";
import { log } from "../../platform/log.ts";
import { ThreadAccess } from "../threads/index.ts";
import { makeCopies } from "./copies.ts";
import {
  CapabilityUnsupportedError,
  type SandboxError,
  SandboxInterruptedError,
  SandboxNotFoundError,
  StartGivenUpError,
  VersionConflictError,
} from "./errors.ts";
import { makeNaps } from "./naps.ts";
import { makeNeeds, type Need } from "./needs.ts";
import type { Origin } from "./origin.ts";
import { SandboxProvider } from "./provider.ts";
import { isRunning, type SandboxRecord, toProjection } from "./record.ts";
import { provePasswords, type Renewal } from "./renewal.ts";
import { makeReportedRecord } from "./reported-record.ts";
import { makeRestore } from "./restore.ts";
import type { RunningSandbox } from "./running-sandbox.ts";
import type { Activity, RestoreTarget } from "./sandbox.ts";
import { makeSaves } from "./saves.ts";
import { makeStarts, notNeeded } from "./starts.ts";
import { dueSteps, type UpkeepStep } from "./upkeep.ts";

export interface SandboxLifecycleShape {
  ensure(threadId: ThreadId): Effect.Effect<RunningSandbox, SandboxError>;
  /** The same before it is needed: where there is no place at once, nothing is waited for. Never fails. */
  wake(threadId: ThreadId): Effect.Effect<void>;
  /** What runs, if it is of this generation; counts as activity. */
  attach(generation: Generation): Effect.Effect<RunningSandbox, SandboxInterruptedError>;
  /** What runs, for a look: does not count as activity. */
  readonly peek: Effect.Effect<RunningSandbox | null>;
  /** `startsEmpty`: what can't be brought back of the files is forgone. */
  restart(threadId: ThreadId, startsEmpty?: boolean): Effect.Effect<SandboxProjection, SandboxError>;
  /** The same, with other files. What ran runs again where that can't be done. */
  restore(threadId: ThreadId, target: RestoreTarget): Effect.Effect<void, SandboxError>;
  /** Its files begin with these, once it is started; Conflict where it has been already. */
  beginFrom(origin: Origin): Effect.Effect<void, SandboxError>;
  /** The same for what runs, with proof that the start before opens nothing any more; null where nothing runs. */
  renew(threadId: ThreadId): Effect.Effect<Renewal | null, SandboxError>;
  /** Whether the user trusts what lies in the workspace. */
  readonly isTrusted: Effect.Effect<boolean>;
  /** What runs is started anew where this is a change: OpenCode reads such things once. */
  setTrusted(threadId: ThreadId, isTrusted: boolean): Effect.Effect<void, SandboxError>;
  /** Whoever called `ensure` needs no sandbox any more. What waits for a place stops waiting; what has one is kept. */
  readonly giveUp: Effect.Effect<void>;
  readonly find: Effect.Effect<SandboxProjection | null>;
  isCurrent(generation: Generation): Effect.Effect<boolean>;
  /** The bucket has a copy of the workspace from now on. */
  readonly markCopied: Effect.Effect<void>;
  /** `after`: the answer that has been written meanwhile. */
  markActivity(
    generation: Generation,
    activity: Activity,
    after?: MessageId | null,
  ): Effect.Effect<void, SandboxInterruptedError>;
  /**
   * The host says that this generation has ended; one that is not current any more is no news. False while another
   * change is under way, which may have looked at the sandbox before its end: to be told again.
   */
  hearEnd(generation: Generation, end: HostedEnd): Effect.Effect<boolean>;
  /** The host says that this generation naps, or (null) that it is awake again. */
  hearNap(generation: Generation, nap: NapCause | null): Effect.Effect<void>;
  /** Does what is due and schedules the next look. Never fails. */
  readonly upkeep: Effect.Effect<void>;
  /** Tells Convex the state that it has not seen yet; gives up until the next look when it cannot. */
  readonly drainReports: Effect.Effect<void>;
}

/** One thread's sandbox from first start to deletion. Changes of state happen one at a time, under one lock. */
export class SandboxLifecycle extends Context.Service<SandboxLifecycle, SandboxLifecycleShape>()(
  "threadbox/worker/sandbox/SandboxLifecycle",
) {}

/** An answer of Convex on the thread's access counts for this long. */
const accessFreshMs = 30_000;
const ended = () => new SandboxInterruptedError({ reason: "The sandbox was restarted or stopped." });

/** Why the host says that a sandbox does not run any more. */
export type HostedEnd = Pick<SandboxEnd, "status" | "reason">;

const make = Effect.gen(function* () {
  const provider = yield* SandboxProvider;
  const access = yield* ThreadAccess;
  const { copyBeforeSleep, removeCopy } = yield* makeCopies;
  const reported = yield* makeReportedRecord;
  const { policy, read, patch, change, scheduleLook, drainReports } = reported;
  const { start, saveWorkspace } = yield* makeStarts(reported);
  const { saveBeside, saveWhatIsDue } = yield* makeSaves(reported);
  const { settleNap, hearNap, recycle } = yield* makeNaps(reported);
  const restoreFiles = yield* makeRestore(reported, start);
  const changes = yield* Semaphore.make(1);

  const stop = Effect.fnUntraced(function* (
    record: SandboxRecord,
    status: "asleep" | "destroyed",
    reason: string,
    more: Partial<SandboxRecord> = {},
  ) {
    yield* saveWorkspace(record);
    yield* provider.destroy(record.name, { workspace: "keep" });
    const ended = yield* change(record, status, reason, more);
    // Nothing changes the files any more, and nobody waits for them.
    if (status === "asleep") yield* saveBeside(ended, "end");
    return ended;
  });

  /** False only when Convex says so; while it cannot be asked, the last answer stands. */
  const isGranted = (threadId: ThreadId) =>
    access.isGranted(threadId).pipe(Effect.catchTag("AccessUnknownError", () => Effect.succeed(null)));

  const loseAccess = Effect.fnUntraced(function* (record: SandboxRecord) {
    const now = yield* Clock.currentTimeMillis;
    yield* stop(record, "destroyed", "The thread was deleted.", { accessLostAt: now });
  });

  const requireAccess = Effect.fnUntraced(function* (threadId: ThreadId) {
    const now = yield* Clock.currentTimeMillis;
    const record = read();
    if (record !== null && now < record.accessCheckedAt + accessFreshMs) return;
    const granted = yield* isGranted(threadId);
    if (granted === false) {
      if (isRunning(record)) yield* loseAccess(record);
      return yield* new SandboxNotFoundError({ what: "The thread" });
    }
    if (granted === true && record !== null) patch(record, { accessCheckedAt: now });
  });

  /** What the provider knows of this very generation. */
  const findHosted = (record: SandboxRecord) =>
    Effect.map(provider.info(record.name), (hosted) => (hosted?.generation === record.generation ? hosted : null));

  const confirmReady = (record: SandboxRecord) =>
    record.status === "starting" ? change(record, "ready", "The sandbox is ready.") : Effect.succeed(record);

  /** The running record, if OpenCode of that very generation answers for it. */
  const findLiving = Effect.fnUntraced(function* () {
    const record = read();
    if (!isRunning(record)) return null;
    const hosted = yield* findHosted(record);
    return hosted?.status === "ready" ? yield* confirmReady(record) : null;
  });

  /** A host puts a sandbox to sleep when it needs its place; whatever else ended it is a failure. */
  const checkLife = Effect.fnUntraced(function* (record: SandboxRecord) {
    const hosted = yield* findHosted(record);
    if (hosted?.status === "ready") yield* settleNap(yield* confirmReady(record), hosted.nap ?? null);
    else {
      const isUntold = hosted === null || hosted.status === "starting";
      const reason = isUntold ? "The sandbox stopped unexpectedly." : hosted.reason;
      yield* saveBeside(yield* change(record, hosted?.status === "stopped" ? "asleep" : "failed", reason), "end");
    }
  });

  const runningOf = ({ name, generation, password }: SandboxRecord): RunningSandbox => ({
    ...{ name, generation, password },
    provider: provider.id,
  });

  const touch = Effect.fnUntraced(function* (record: SandboxRecord) {
    patch(record, { activityAt: yield* Clock.currentTimeMillis });
  });

  const ensureLocked = Effect.fnUntraced(function* (threadId: ThreadId, { givenUp, cause }: Need) {
    yield* requireAccess(threadId);
    const living = yield* findLiving();
    const isGivenUp = cause === "need" && Deferred.isDoneUnsafe(givenUp);
    if (living === null && isGivenUp) return yield* notNeeded(new StartGivenUpError());
    const record = living ?? (yield* start({ threadId, givenUp, cause }));
    yield* touch(record);
    return runningOf(record);
  });

  const { ensure, wake, giveUp } = makeNeeds(
    (threadId, need) => changes.withPermits(1)(ensureLocked(threadId, need)),
    () => read()?.status,
  );

  const steps: Record<UpkeepStep, (record: SandboxRecord) => Effect.Effect<unknown, SandboxError>> = {
    "check access": Effect.fnUntraced(function* (record) {
      const granted = yield* isGranted(record.threadId);
      if (granted === false) yield* loseAccess(record);
      else if (granted) patch(record, { accessCheckedAt: yield* Clock.currentTimeMillis });
    }),
    sleep: (record) =>
      Effect.andThen(
        copyBeforeSleep(record),
        stop(record, "asleep", "Asleep: not used for a while.", { cause: "idle" }),
      ),
    "check life": checkLife,
    recycle,
    save: saveWhatIsDue,
    "delete workspace": Effect.fnUntraced(function* (record) {
      const granted = yield* isGranted(record.threadId);
      if (granted === null) return;
      if (!granted) {
        yield* provider.destroy(record.name, { workspace: "delete" });
        yield* removeCopy(record.threadId);
      }
      patch(record, { accessLostAt: null, ...(granted ? {} : { isCopied: false, isGone: true }) });
    }),
  };

  const lookAfter: Effect.Effect<void> = Effect.gen(function* () {
    const first = read();
    if (first === null) return;
    yield* drainReports;
    const isStillDue = (step: UpkeepStep, record: SandboxRecord, now: number) =>
      dueSteps(record, now, policy).includes(step);
    for (const step of dueSteps(first, yield* Clock.currentTimeMillis, policy)) {
      const record = read() ?? first;
      if (!isStillDue(step, record, yield* Clock.currentTimeMillis)) continue;
      const exit = yield* Effect.exit(steps[step](record));
      if (Exit.isFailure(exit)) log("sandbox.upkeep.failed", { threadId: record.threadId, step });
    }
    const last = read() ?? first;
    scheduleLook(last, yield* Clock.currentTimeMillis);
  });

  /** A change that is under way may take minutes; meanwhile only what Convex has to know is seen to. */
  const lookLater: Effect.Effect<void> = Effect.gen(function* () {
    yield* drainReports;
    const record = read();
    if (record !== null) scheduleLook(record, yield* Clock.currentTimeMillis);
  });

  const upkeep = Effect.flatMap(changes.withPermitsIfAvailable(1)(lookAfter), (done) =>
    Option.isSome(done) ? Effect.void : lookLater,
  );

  return SandboxLifecycle.of({
    ensure,
    wake,
    giveUp,
    restart: (threadId, startsEmpty = false) =>
      Effect.gen(function* () {
        yield* requireAccess(threadId);
        return toProjection(
          yield* start({ threadId, givenUp: Deferred.makeUnsafe(), cause: "restart", startsEmpty }),
          provider.id,
        );
      }).pipe(changes.withPermits(1)),
    restore: (threadId, target) =>
      Effect.gen(function* () {
        yield* requireAccess(threadId);
        yield* restoreFiles(threadId, target);
      }).pipe(changes.withPermits(1)),
    beginFrom: (origin) =>
      Effect.gen(function* () {
        const isEmptyHanded = origin.pointId === beginningId;
        if (!isEmptyHanded && !provider.capabilities.has("save"))
          return yield* new CapabilityUnsupportedError({ capability: "save", provider: provider.id });
        if (read() !== null) return yield* new VersionConflictError({ reason: "This thread has begun already." });
        reported.writeOrigin(origin);
      }).pipe(changes.withPermits(1)),
    renew: (threadId) =>
      Effect.gen(function* () {
        yield* requireAccess(threadId);
        const before = read();
        if (!isRunning(before)) return null;
        const endedAt = yield* Clock.currentTimeMillis;
        const after = yield* start({ threadId, givenUp: Deferred.makeUnsafe(), cause: "secretRotated" });
        const downMs = (yield* Clock.currentTimeMillis) - endedAt;
        yield* provePasswords(provider, before, after);
        return { before: before.generation, after: after.generation, downMs };
      }).pipe(changes.withPermits(1)),
    isTrusted: Effect.sync(() => read()?.trustsWorkspace === true),
    setTrusted: (threadId, isTrusted) =>
      Effect.gen(function* () {
        yield* requireAccess(threadId);
        const record = read();
        if (record === null || (record.trustsWorkspace === true) === isTrusted) return;
        patch(record, { trustsWorkspace: isTrusted });
        if (isRunning(record)) yield* start({ threadId, givenUp: Deferred.makeUnsafe(), cause: "restart" });
      }).pipe(changes.withPermits(1)),
    find: Effect.sync(() => {
      const record = read();
      return record === null ? null : toProjection(record, provider.id);
    }),
    attach: Effect.fnUntraced(function* (generation) {
      const record = read();
      if (!isRunning(record) || record.generation !== generation || record.status === "starting") return yield* ended();
      yield* touch(record);
      return runningOf(record);
    }),
    peek: Effect.sync(() => {
      const record = read();
      if (!isRunning(record) || record.status === "starting") return null;
      return runningOf(record);
    }),
    isCurrent: Effect.fnUntraced(function* (generation) {
      const record = read();
      if (!isRunning(record) || record.generation !== generation) return false;
      yield* touch(record);
      return true;
    }),
    markActivity: Effect.fnUntraced(function* (generation, activity, after = null) {
      const record = read();
      if (!isRunning(record) || record.generation !== generation) return yield* ended();
      yield* touch(record);
      if (after !== null) patch(record, { after });
      const status = activity === "busy" ? "busy" : "ready";
      if (activity === "idle") patch(record, { mayHaveGrown: true });
      if (record.status === "starting" || record.status === status) return;
      yield* change(record, status, status === "busy" ? "Working on your request." : "The sandbox is ready.");
      if (activity === "idle") yield* saveBeside(record, "turn");
    }),
    markCopied: Effect.sync(() => {
      const record = read();
      if (record !== null) patch(record, { isCopied: true });
    }),
    hearNap,
    hearEnd: (generation, { status, reason }) =>
      Effect.gen(function* () {
        const record = read();
        if (!isRunning(record) || record.generation !== generation) return;
        yield* saveBeside(yield* change(record, status === "stopped" ? "asleep" : "failed", reason), "end");
      }).pipe(changes.withPermitsIfAvailable(1), Effect.map(Option.isSome)),
    upkeep,
    drainReports,
  });
});

export const sandboxLifecycleLayer = Layer.effect(SandboxLifecycle, make);
