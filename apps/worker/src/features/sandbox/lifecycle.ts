import type { Generation, SandboxName, ThreadId } from "@threadbox/contracts/ids";
import type { SandboxProjection } from "@threadbox/contracts/sandbox";
import type { SandboxEnd } from "@threadbox/contracts/sandbox-host";
import { Clock, Context, Deferred, Effect, Exit, Layer, Option, Semaphore } from "effect";
import { WorkerConfig } from "../../config.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { ConvexClient } from "../../platform/convex-client.ts";
import { newSecretText } from "../../platform/ids.ts";
import { log } from "../../platform/log.ts";
import { Outbox } from "../../platform/outbox.ts";
import { ThreadAccess } from "../threads/index.ts";
import {
  type SandboxError,
  SandboxInterruptedError,
  SandboxNotFoundError,
  SandboxUnavailableError,
  StartGivenUpError,
} from "./errors.ts";
import { SandboxProvider } from "./provider.ts";
import { isRunning, nextStart, type SandboxRecord, toProjection, withStatus } from "./record.ts";
import type { Activity } from "./sandbox.ts";
import { signSandboxCredential } from "./sandbox-credential.ts";
import { sandboxNameOf } from "./sandbox-name.ts";
import { startUntilReady } from "./start.ts";
import { planStart, StartPlan } from "./start-plan.ts";
import { SandboxStore } from "./store.ts";
import { dueSteps, nextAlarmAt, type UpkeepStep } from "./upkeep.ts";

/** What a client speaks to. Stays inside the worker: it holds OpenCode's password. */
export interface RunningSandbox {
  readonly name: SandboxName;
  readonly generation: Generation;
  readonly password: string;
}

export interface SandboxLifecycleShape {
  ensure(threadId: ThreadId): Effect.Effect<RunningSandbox, SandboxError>;
  /** What runs, if it is of this generation; counts as activity. */
  attach(generation: Generation): Effect.Effect<RunningSandbox, SandboxInterruptedError>;
  restart(threadId: ThreadId): Effect.Effect<SandboxProjection, SandboxError>;
  /** Whoever called `ensure` needs no sandbox any more. What waits for a place stops waiting; what has one is kept. */
  readonly giveUp: Effect.Effect<void>;
  readonly find: Effect.Effect<SandboxProjection | null>;
  isCurrent(generation: Generation): Effect.Effect<boolean>;
  markActivity(generation: Generation, activity: Activity): Effect.Effect<void, SandboxInterruptedError>;
  /**
   * The host says that this generation has ended; one that is not current any more is no news. False while another
   * change is under way, which may have looked at the sandbox before its end: to be told again.
   */
  hearEnd(generation: Generation, end: HostedEnd): Effect.Effect<boolean>;
  /** Does what is due and schedules the next look. Never fails. */
  readonly upkeep: Effect.Effect<void>;
  /** Tells Convex the state that it has not seen yet; gives up until the next look when it cannot. */
  readonly drainReports: Effect.Effect<void>;
}

/** One thread's sandbox from first start to deletion. Changes of state happen one at a time, under one lock. */
export class SandboxLifecycle extends Context.Service<SandboxLifecycle, SandboxLifecycleShape>()(
  "threadbox/worker/sandbox/SandboxLifecycle",
) {}

const passwordBytes = 32;
/** Twenty attempts pass a million starts. */
const leapMax = 2 ** 20;
/** How often one need starts the sandbox when each start is cut short from outside. */
const startsMax = 3;
/** An answer of Convex on the thread's access counts for this long. */
const accessFreshMs = 30_000;
const notNeeded = ({ message }: StartGivenUpError) => Effect.fail(new SandboxUnavailableError({ reason: message }));
const ended = () => new SandboxInterruptedError({ reason: "The sandbox was restarted or stopped." });

/** Why the host says that a sandbox does not run any more. */
export type HostedEnd = Pick<SandboxEnd, "status" | "reason">;

/** What a start is for. */
interface Purpose {
  readonly threadId: ThreadId;
  readonly givenUp: Effect.Effect<void>;
}

/** A sandbox that is needed, and whether it still is. */
interface Need {
  readonly running: Deferred.Deferred<RunningSandbox, SandboxError>;
  readonly givenUp: Deferred.Deferred<void>;
}

const make = Effect.gen(function* () {
  const config = yield* WorkerConfig;
  const provider = yield* SandboxProvider;
  const access = yield* ThreadAccess;
  const convex = yield* ConvexClient;
  const store = yield* SandboxStore;
  const contributors = yield* StartPlan;
  const changes = yield* Semaphore.make(1);
  const audit = yield* AuditTrail;
  const outbox = new Outbox(store.outboxRows);
  const idleMs = config.sandboxIdleMs;
  const canSnapshot = provider.capabilities.has("snapshot");

  const drainReports: Effect.Effect<void> = Effect.gen(function* () {
    const refused = yield* outbox.drain;
    const record = store.read();
    if (record !== null) for (const each of refused) yield* audit.setAside(record.threadId, each);
  }).pipe(Effect.provideService(ConvexClient, convex));

  /** Convex is owed the newest state only: an older one that it has not taken tells it nothing. */
  const owe = (record: SandboxRecord): void =>
    store.outboxRows.replace("", { path: "sandboxes:report", args: toProjection(record, provider.id) });

  const inherited = store.read();
  if (inherited?.isReported === false) {
    const { isReported: _, ...record } = inherited;
    owe(record);
    store.write(record);
  }

  const scheduleLook = (record: SandboxRecord, now: number): void =>
    store.scheduleUpkeep(nextAlarmAt(record, now, idleMs, outbox.nextAt(now)));

  /** Changes fields that Convex does not show; reads again, because others may have written since. */
  const patch = (record: SandboxRecord, more: Partial<SandboxRecord>): void =>
    store.write({ ...(store.read() ?? record), ...more });

  /** Makes a new state durable, schedules the next look and tells Convex without waiting for it. */
  const save = Effect.fnUntraced(function* (record: SandboxRecord) {
    const now = yield* Clock.currentTimeMillis;
    store.write(record);
    owe(record);
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
  ) {
    const now = yield* Clock.currentTimeMillis;
    return yield* save({ ...withStatus(store.read() ?? record, status, reason, now), ...more });
  });

  /** Keeps the files where the provider does not keep them by itself. An older snapshot is better than none. */
  const saveWorkspace = Effect.fnUntraced(function* (record: SandboxRecord) {
    if (!canSnapshot || !isRunning(record)) return;
    const snapshot = yield* provider.snapshot(record.name);
    patch(record, { snapshot });
  });

  const stop = Effect.fnUntraced(function* (
    record: SandboxRecord,
    status: "asleep" | "destroyed",
    reason: string,
    more: Partial<SandboxRecord> = {},
  ) {
    yield* saveWorkspace(record);
    yield* provider.destroy(record.name, { workspace: "keep" });
    return yield* change(record, status, reason, more);
  });

  const startOnce = Effect.fnUntraced(function* ({ threadId, givenUp }: Purpose, leap: number) {
    const name = yield* sandboxNameOf(threadId, config.sandboxNameKey);
    const now = yield* Clock.currentTimeMillis;
    const record = yield* save(nextStart(store.read(), { threadId, name }, newSecretText(passwordBytes), now, leap));
    const credential = yield* signSandboxCredential(
      { sandbox_name: name, thread_id: threadId, generation: record.generation, iat: Math.floor(now / 1000) },
      config.sandboxCredentialKey,
    );
    const { generation, password } = record;
    const { egressBaseUrl } = provider;
    const plan = yield* planStart(contributors, { threadId, name, generation, egressBaseUrl, credential });
    const request = {
      generation,
      owner: threadId,
      openCodePassword: password,
      environment: plan.environment,
      egressAllowedHosts: plan.egressAllowedHosts,
      ...(plan.files.length === 0 ? {} : { files: plan.files }),
      restoreFrom: plan.restoreFrom ?? record.snapshot ?? undefined,
    };
    const onWait = (reason: string) =>
      store.read()?.reason === reason ? Effect.void : change(record, "starting", reason);
    yield* startUntilReady(provider, name, request, { onWait, givenUp });
    return yield* change(record, "ready", "The sandbox is ready.");
  });

  /** Leaps over generations that a provider remembers and this object does not: its storage is younger than the sandbox. */
  const startPast = (purpose: Purpose, leap: number): Effect.Effect<SandboxRecord, SandboxError | StartGivenUpError> =>
    Effect.catchTag(startOnce(purpose, leap), "GenerationOverError", (error) =>
      leap < leapMax ? startPast(purpose, leap * 2) : Effect.fail(error),
    );

  /** A generation that ends while it starts is followed by the next. */
  const startAnew = (
    purpose: Purpose,
    starts: number,
  ): Effect.Effect<SandboxRecord, SandboxError | StartGivenUpError> =>
    Effect.catchTag(startPast(purpose, 1), "SandboxInterruptedError", ({ reason }) =>
      starts < startsMax ? startAnew(purpose, starts + 1) : Effect.fail(new SandboxUnavailableError({ reason })),
    );

  const start = Effect.fnUntraced(function* (purpose: Purpose) {
    const previous = store.read();
    if (previous !== null) yield* Effect.ignore(saveWorkspace(previous));
    const end = (status: "failed" | "asleep", reason: string) => {
      const record = store.read();
      return record === null ? Effect.void : change(record, status, reason);
    };
    return yield* startAnew(purpose, 1).pipe(
      Effect.tapError(({ _tag, message }) => end(_tag === "StartGivenUpError" ? "asleep" : "failed", message)),
      Effect.catchTag("StartGivenUpError", notNeeded),
    );
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
    const record = store.read();
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
    const record = store.read();
    if (!isRunning(record)) return null;
    const hosted = yield* findHosted(record);
    return hosted?.status === "ready" ? yield* confirmReady(record) : null;
  });

  /** A host puts a sandbox to sleep when it needs its place; whatever else ended it is a failure. */
  const checkLife = Effect.fnUntraced(function* (record: SandboxRecord) {
    const hosted = yield* findHosted(record);
    if (hosted?.status === "ready") yield* confirmReady(record);
    else if (hosted?.status === "stopped") yield* change(record, "asleep", hosted.reason);
    else
      yield* change(
        record,
        "failed",
        hosted?.status === "failed" ? hosted.reason : "The sandbox stopped unexpectedly.",
      );
  });

  const touch = Effect.fnUntraced(function* (record: SandboxRecord) {
    patch(record, { activityAt: yield* Clock.currentTimeMillis });
  });

  const ensureLocked = Effect.fnUntraced(function* (threadId: ThreadId, { givenUp }: Need) {
    yield* requireAccess(threadId);
    const living = yield* findLiving();
    if (living === null && Deferred.isDoneUnsafe(givenUp)) return yield* notNeeded(new StartGivenUpError());
    const record = living ?? (yield* start({ threadId, givenUp: Deferred.await(givenUp) }));
    yield* touch(record);
    return { name: record.name, generation: record.generation, password: record.password };
  });

  let need: Need | null = null;
  const ensure = (threadId: ThreadId): Effect.Effect<RunningSandbox, SandboxError> =>
    Effect.suspend(() => {
      if (need !== null) {
        const shared = Deferred.await(need.running);
        // One that was given up is on its way out; who comes now needs a sandbox.
        return Deferred.isDoneUnsafe(need.givenUp)
          ? Effect.andThen(
              Effect.exit(shared),
              Effect.suspend(() => ensure(threadId)),
            )
          : shared;
      }
      const own: Need = { running: Deferred.makeUnsafe(), givenUp: Deferred.makeUnsafe() };
      need = own;
      return changes
        .withPermits(1)(ensureLocked(threadId, own))
        .pipe(
          Effect.onExit((exit) => {
            need = null;
            return Deferred.done(own.running, exit);
          }),
        );
    });

  const giveUp = Effect.suspend(() => (need === null ? Effect.void : Deferred.succeed(need.givenUp, undefined)));

  const steps: Record<UpkeepStep, (record: SandboxRecord) => Effect.Effect<unknown, SandboxError>> = {
    "check access": Effect.fnUntraced(function* (record) {
      const granted = yield* isGranted(record.threadId);
      if (granted === false) yield* loseAccess(record);
      else if (granted) patch(record, { accessCheckedAt: yield* Clock.currentTimeMillis });
    }),
    sleep: (record) => stop(record, "asleep", "Asleep: not used for a while."),
    "check life": checkLife,
    "delete workspace": Effect.fnUntraced(function* (record) {
      const granted = yield* isGranted(record.threadId);
      if (granted === null) return;
      if (!granted) yield* provider.destroy(record.name, { workspace: "delete" });
      patch(record, { accessLostAt: null });
    }),
  };

  const lookAfter: Effect.Effect<void> = Effect.gen(function* () {
    const first = store.read();
    if (first === null) return;
    yield* drainReports;
    const isStillDue = (step: UpkeepStep, record: SandboxRecord, now: number) =>
      dueSteps(record, now, idleMs).includes(step);
    for (const step of dueSteps(first, yield* Clock.currentTimeMillis, idleMs)) {
      const record = store.read() ?? first;
      if (!isStillDue(step, record, yield* Clock.currentTimeMillis)) continue;
      const exit = yield* Effect.exit(steps[step](record));
      if (Exit.isFailure(exit)) log("sandbox.upkeep.failed", { threadId: record.threadId, step });
    }
    const last = store.read() ?? first;
    scheduleLook(last, yield* Clock.currentTimeMillis);
  });

  /** A change that is under way may take minutes; meanwhile only what Convex has to know is seen to. */
  const lookLater: Effect.Effect<void> = Effect.gen(function* () {
    yield* drainReports;
    const record = store.read();
    if (record !== null) scheduleLook(record, yield* Clock.currentTimeMillis);
  });

  const upkeep = Effect.flatMap(changes.withPermitsIfAvailable(1)(lookAfter), (done) =>
    Option.isSome(done) ? Effect.void : lookLater,
  );

  return SandboxLifecycle.of({
    ensure,
    giveUp: Effect.asVoid(giveUp),
    restart: (threadId) =>
      Effect.gen(function* () {
        yield* requireAccess(threadId);
        return toProjection(yield* start({ threadId, givenUp: Effect.never }), provider.id);
      }).pipe(changes.withPermits(1)),
    find: Effect.sync(() => {
      const record = store.read();
      return record === null ? null : toProjection(record, provider.id);
    }),
    attach: Effect.fnUntraced(function* (generation) {
      const record = store.read();
      if (!isRunning(record) || record.generation !== generation || record.status === "starting") return yield* ended();
      yield* touch(record);
      return { name: record.name, generation, password: record.password };
    }),
    isCurrent: Effect.fnUntraced(function* (generation) {
      const record = store.read();
      if (!isRunning(record) || record.generation !== generation) return false;
      yield* touch(record);
      return true;
    }),
    markActivity: Effect.fnUntraced(function* (generation, activity) {
      const record = store.read();
      if (!isRunning(record) || record.generation !== generation) return yield* ended();
      yield* touch(record);
      const status = activity === "busy" ? "busy" : "ready";
      if (record.status === "starting" || record.status === status) return;
      yield* change(record, status, status === "busy" ? "Working on your request." : "The sandbox is ready.");
    }),
    hearEnd: (generation, { status, reason }) =>
      Effect.gen(function* () {
        const record = store.read();
        if (!isRunning(record) || record.generation !== generation) return;
        yield* change(record, status === "stopped" ? "asleep" : "failed", reason);
      }).pipe(changes.withPermitsIfAvailable(1), Effect.map(Option.isSome)),
    upkeep,
    drainReports,
  });
});

export const sandboxLifecycleLayer = Layer.effect(SandboxLifecycle, make);
