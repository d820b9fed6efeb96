import type { ThreadId } from "@threadbox/contracts/ids";
import type { LifecycleCause } from "@threadbox/contracts/journal";
import type { PointId } from "@threadbox/contracts/points";
import { Clock, type Deferred, Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import { newSecretText } from "../../platform/ids.ts";
import { Metrics } from "../../platform/metrics/metrics.ts";
import { type SandboxError, SandboxUnavailableError, type StartGivenUpError } from "./errors.ts";
import { SandboxProvider } from "./provider.ts";
import { isRunning, nextStart, type SandboxRecord } from "./record.ts";
import type { ReportedRecord } from "./reported-record.ts";
import { signSandboxCredential } from "./sandbox-credential.ts";
import { sandboxNameOf } from "./sandbox-name.ts";
import { startUntilReady } from "./start.ts";
import { measuresOfStart } from "./start-measures.ts";
import { planStart, StartPlan } from "./start-plan.ts";

const passwordBytes = 32;
/** Twenty attempts pass a million starts. */
const leapMax = 2 ** 20;
/** How often one need starts the sandbox when each start is cut short from outside. */
const startsMax = 3;

export const notNeeded = ({ message }: StartGivenUpError) =>
  Effect.fail(new SandboxUnavailableError({ reason: message }));

/** What a start is for. */
export interface Purpose {
  readonly threadId: ThreadId;
  /** Done when nobody waits any more. */
  readonly givenUp: Deferred.Deferred<void>;
  readonly cause: LifecycleCause;
  /** What can't be brought back of the files is forgone. */
  readonly startsEmpty?: boolean;
  /** The files are to be those of this point. */
  readonly restores?: PointId;
}

type StartError = SandboxError | StartGivenUpError;

/** How a thread's sandbox is started, again and anew. */
export const makeStarts = Effect.fnUntraced(function* (reported: ReportedRecord) {
  const config = yield* WorkerConfig;
  const provider = yield* SandboxProvider;
  const contributors = yield* StartPlan;
  const metrics = yield* Metrics;
  const { read, save, change } = reported;

  /** Keeps the files where the provider does not keep them by itself. An older snapshot is better than none. */
  const saveWorkspace = Effect.fnUntraced(function* (record: SandboxRecord) {
    if (!provider.capabilities.has("snapshot") || !isRunning(record)) return;
    const snapshot = yield* provider.snapshot(record.name);
    reported.patch(record, { snapshot });
  });

  const startOnce = Effect.fnUntraced(function* (
    { threadId, givenUp, cause, startsEmpty = false, restores }: Purpose,
    leap: number,
  ) {
    yield* provider.settle ?? Effect.void;
    const name = yield* sandboxNameOf(threadId, config.sandboxNameKey);
    const now = yield* Clock.currentTimeMillis;
    const before = read();
    // Somebody has decided to begin with nothing.
    if (startsEmpty) reported.writeOrigin(null);
    const origin = reported.readOrigin();
    const after = before === null ? (origin?.after ?? undefined) : before.after;
    const record = yield* save(
      nextStart(before, { threadId, name }, newSecretText(passwordBytes), now, { leap, cause, startsEmpty }),
    );
    const credential = yield* signSandboxCredential(
      { sandbox_name: name, thread_id: threadId, generation: record.generation, iat: Math.floor(now / 1000) },
      config.sandboxCredentialKey,
    );
    const { generation, password } = record;
    const { egressBaseUrl } = provider;
    if (before === null && after !== undefined) reported.patch(record, { after });
    const trustsWorkspace = record.trustsWorkspace === true;
    const planned = { threadId, name, generation, egressBaseUrl, credential, trustsWorkspace };
    const plan = yield* planStart(contributors, planned);
    const request = {
      generation,
      owner: threadId,
      openCodePassword: password,
      environment: plan.environment,
      own: plan.own,
      ...(startsEmpty ? { startsEmpty } : {}),
      ...(restores === undefined ? {} : { restore: { id: restores, ...(after === undefined ? {} : { after }) } }),
      ...(trustsWorkspace ? { trustsWorkspace } : {}),
      ...(origin === null
        ? {}
        : { origin: { name: yield* sandboxNameOf(origin.threadId, config.sandboxNameKey), id: origin.pointId } }),
      ...(plan.files.length === 0 ? {} : { files: plan.files }),
      restoreFrom: plan.restoreFrom ?? record.snapshot ?? undefined,
    };
    let placedAt = now;
    const onWait = Effect.fnUntraced(function* (reason: string) {
      placedAt = yield* Clock.currentTimeMillis;
      if (read()?.reason !== reason) yield* change(record, "starting", reason, { cause });
    });
    const onStep = Effect.fnUntraced(function* (step: string) {
      if (read()?.reason !== step) yield* change(record, "starting", step, { cause });
    });
    const { startedInMs = 0, wasWarm } = yield* startUntilReady(provider, name, request, { onWait, onStep, givenUp });
    const placeMs = placedAt - now;
    const restMs = (yield* Clock.currentTimeMillis) - placedAt;
    const tookMs = (yield* Clock.currentTimeMillis) - now;
    yield* metrics.note(...measuresOfStart(before, tookMs / 1000, wasWarm));
    const split = { placeMs, computerMs: Math.max(0, restMs - startedInMs), openCodeMs: startedInMs };
    return yield* change(record, "ready", "The sandbox is ready.", {}, split);
  });

  /** Leaps over generations that a provider remembers and this object does not: its storage is younger than the sandbox. */
  const startPast = (purpose: Purpose, leap: number): Effect.Effect<SandboxRecord, StartError> =>
    Effect.catchTag(startOnce(purpose, leap), "GenerationOverError", (error) =>
      leap < leapMax ? startPast(purpose, leap * 2) : Effect.fail(error),
    );

  /** A generation that ends while it starts is followed by the next. */
  const startAnew = (purpose: Purpose, starts: number): Effect.Effect<SandboxRecord, StartError> =>
    Effect.catchTag(startPast(purpose, 1), "SandboxInterruptedError", ({ reason }) =>
      starts < startsMax ? startAnew(purpose, starts + 1) : Effect.fail(new SandboxUnavailableError({ reason })),
    );

  const start = Effect.fnUntraced(function* (purpose: Purpose) {
    const previous = read();
    if (previous !== null) yield* Effect.ignore(saveWorkspace(previous));
    const end = ({ _tag, message }: StartError) => {
      const record = read();
      if (record === null) return Effect.void;
      const failed = metrics.note({ kind: "count", name: "sandbox.start_failures" });
      const more = _tag === "SnapshotUnusableError" && purpose.restores === undefined ? { canStartEmpty: true } : {};
      if (_tag === "StartGivenUpError") return change(record, "asleep", message, more);
      return Effect.andThen(failed, change(record, "failed", message, more));
    };
    // A restore that fails is told at once: whoever asked may choose again.
    const first = purpose.restores === undefined ? 1 : startsMax;
    return yield* startAnew(purpose, first).pipe(Effect.tapError(end), Effect.catchTag("StartGivenUpError", notNeeded));
  });

  return { start, saveWorkspace };
});
