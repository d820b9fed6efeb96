import type { ThreadId } from "@threadbox/contracts/ids";
import type { SandboxStatus } from "@threadbox/contracts/sandbox";
import { Deferred, Effect, Exit } from "effect";
import type { SandboxError } from "./errors.ts";
import type { RunningSandbox } from "./running-sandbox.ts";

/** A sandbox that is needed, and whether it still is. */
export interface Need {
  /** `composing`: it will probably be needed soon. */
  readonly cause: "need" | "composing";
  readonly running: Deferred.Deferred<RunningSandbox, SandboxError>;
  readonly givenUp: Deferred.Deferred<void>;
}

const newNeed = (cause: Need["cause"]): Need => ({
  cause,
  running: Deferred.makeUnsafe(),
  givenUp: Deferred.makeUnsafe(),
});

/** Whoever needs one thread's sandbox at the same time shares what `start` does for the first of them. */
export const makeNeeds = (
  start: (threadId: ThreadId, need: Need) => Effect.Effect<RunningSandbox, SandboxError>,
  status: () => SandboxStatus | undefined,
) => {
  let current: Need | null = null;

  const meet = (threadId: ThreadId, need: Need): Effect.Effect<RunningSandbox, SandboxError> =>
    Effect.suspend(() => {
      current = need;
      return start(threadId, need).pipe(
        Effect.onExit((exit) => {
          current = null;
          return Deferred.done(need.running, exit);
        }),
      );
    });

  const ensure = (threadId: ThreadId): Effect.Effect<RunningSandbox, SandboxError> =>
    Effect.suspend(() => {
      if (current === null) return meet(threadId, newNeed("need"));
      const shared = Deferred.await(current.running);
      // One that was given up is on its way out; who comes now needs a sandbox.
      if (!Deferred.isDoneUnsafe(current.givenUp)) return shared;
      return Effect.andThen(
        Effect.exit(shared),
        Effect.suspend(() => ensure(threadId)),
      );
    });

  /** Given up from the beginning, so that it takes a place only where there is one. */
  const wake = (threadId: ThreadId): Effect.Effect<void> =>
    Effect.suspend(() => {
      // What has failed says why, until somebody really needs it.
      if (current !== null || status() === "failed" || status() === "destroyed") return Effect.void;
      const need = newNeed("composing");
      Deferred.doneUnsafe(need.givenUp, Exit.void);
      return Effect.ignore(meet(threadId, need));
    });

  const giveUp: Effect.Effect<void> = Effect.suspend(() =>
    current === null ? Effect.void : Effect.asVoid(Deferred.succeed(current.givenUp, undefined)),
  );

  return { ensure, wake, giveUp };
};
