import type { SandboxName } from "@threadbox/contracts/ids";
import type { HostedSandbox } from "@threadbox/contracts/sandbox-host";
import { Clock, Deferred, Effect } from "effect";
import {
  type SandboxError,
  SandboxInterruptedError,
  type SandboxStartingError,
  SandboxUnavailableError,
  StartGivenUpError,
} from "./errors.ts";
import type { SandboxProviderShape, StartRequest } from "./provider.ts";

const startTimeout = "90 seconds";
const pollInterval = "250 millis";
/** How long a start waits for a place on the machine: as long as a long turn of another thread. */
export const placeWaitMsMax = 30 * 60_000;
/** A host forgets the position of whoever stays away for longer. */
const retryMsMax = 5_000;

const notStarted = (reason: string) => new SandboxUnavailableError({ reason });

const noPlace = () => notStarted("All sandboxes are busy. Try again when another thread is done.");

/** Takes a sentence: why a start has to wait, or what it is at. */
type OnWait = (reason: string) => Effect.Effect<unknown>;

type StartError = SandboxError | StartGivenUpError;

export interface Waiting {
  readonly onWait: OnWait;
  /** Tells of every step of a start that takes its time. */
  readonly onStep: OnWait;
  /** Done when nobody waits any more; a start that has a place goes on nevertheless. */
  readonly givenUp: Deferred.Deferred<void>;
}

/** Repeats a start while the machine has no place for it; a start that has a place takes its own time. */
const withPlace = <A>(
  start: Effect.Effect<A, SandboxError>,
  { onWait, givenUp }: Waiting,
): Effect.Effect<A, StartError> =>
  Effect.gen(function* () {
    const until = (yield* Clock.currentTimeMillis) + placeWaitMsMax;
    const wait = Effect.fnUntraced(function* ({ reason, retryAfterMs }: SandboxStartingError) {
      if (Deferred.isDoneUnsafe(givenUp)) return yield* new StartGivenUpError();
      const pause = Math.min(retryAfterMs, retryMsMax);
      if ((yield* Clock.currentTimeMillis) + pause > until) return yield* noPlace();
      yield* onWait(reason);
      yield* Effect.raceFirst(
        Effect.sleep(pause),
        Effect.flatMap(Deferred.await(givenUp), () => Effect.fail(new StartGivenUpError())),
      );
    });
    const attempt = (): Effect.Effect<A, StartError> =>
      Effect.catchTag(start, "SandboxStartingError", (refusal) => Effect.flatMap(wait(refusal), attempt));
    return yield* attempt();
  });

/**
 * Starts a generation and returns once OpenCode is ready. A host may answer `starting` at first; then it is asked again.
 * Fails with SandboxInterruptedError when the generation ends before that: the next one may succeed.
 */
export const startUntilReady = (
  provider: SandboxProviderShape,
  name: SandboxName,
  request: StartRequest,
  waiting: Waiting,
): Effect.Effect<HostedSandbox, StartError> => {
  const inTime = Effect.timeoutOrElse({
    duration: startTimeout,
    orElse: () => Effect.fail(notStarted("The sandbox didn't start in time.")),
  });
  /** Waits for a step that is not this one, or for the end of the start. */
  const nextStep = (step: string): Effect.Effect<HostedSandbox, SandboxError> =>
    Effect.flatMap(Effect.delay(provider.info(name), pollInterval), (hosted) => {
      if (hosted === null || hosted.generation !== request.generation) {
        return Effect.fail(new SandboxInterruptedError({ reason: "The sandbox stopped while it was starting." }));
      }
      return hosted.status === "starting" && hosted.reason === step ? nextStep(step) : Effect.succeed(hosted);
    });
  /** A start may take any time as long as it comes to new steps. */
  const settle = Effect.fnUntraced(function* (first: HostedSandbox) {
    let hosted = first;
    while (hosted.status === "starting") {
      yield* waiting.onStep(hosted.reason);
      hosted = yield* inTime(nextStep(hosted.reason));
    }
    if (hosted.status === "ready") return hosted;
    return yield* new SandboxInterruptedError({ reason: hosted.reason });
  });
  const start = Effect.flatMap(inTime(provider.ensure(name, request)), settle);
  // What is given up has no place, so that nothing of it runs: it only leaves the line, and others move up.
  const leave = Effect.ignore(provider.destroy(name, { workspace: "keep" }));
  return withPlace(start, waiting).pipe(Effect.tapErrorTag("StartGivenUpError", () => leave));
};
