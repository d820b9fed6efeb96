import type { ErrorTag } from "@threadbox/contracts/errors";
import { type ThreadId, UserId } from "@threadbox/contracts/ids";
import { Context, Effect, Layer, Schema } from "effect";
import { ConvexClient } from "../../platform/convex-client.ts";
import { log } from "../../platform/log.ts";
import { Recent } from "../../platform/recent.ts";

/** Convex cannot be asked at the moment. */
export class AccessUnknownError extends Schema.TaggedError<AccessUnknownError>()("AccessUnknownError", {}) {
  readonly wireTag: ErrorTag = "StoreUnavailable";
  override get message() {
    return "Can't look up the thread right now.";
  }
}

export interface ThreadAccessShape {
  /**
   * Asks Convex whether the thread exists and may be used; with `userId`, by that user. Whoever keeps a socket or a
   * sandbox open asks again at least once a minute; a `false` closes it (4401).
   */
  isGranted(threadId: ThreadId, userId?: UserId): Effect.Effect<boolean, AccessUnknownError>;
  /** Whose thread it is; null for one that may not be used by anybody. */
  ownerOf(threadId: ThreadId): Effect.Effect<UserId | null, AccessUnknownError>;
  /** Whether that user may also open OpenCode's own page of the thread: neither of them has it turned off. */
  mayOpenOpenCode(threadId: ThreadId, userId: UserId): Effect.Effect<boolean, AccessUnknownError>;
}

export class ThreadAccess extends Context.Service<ThreadAccess, ThreadAccessShape>()(
  "threadbox/worker/threads/ThreadAccess",
) {}

/** A thread's owner never changes, so that it is asked for once. */
const ownersMax = 5_000;

/** Whoever asks has a person waiting: a store that is slower than this counts as silent. */
const answerTimeout = "3 seconds";

/** A thread that may not be used answers null; what a granted one answers is of no interest here. */
export const threadAccessLayer: Layer.Layer<ThreadAccess, never, ConvexClient> = Layer.effect(
  ThreadAccess,
  Effect.gen(function* () {
    const convex = yield* ConvexClient;
    const owners = new Recent<ThreadId, UserId>(ownersMax);
    const find = Effect.fn("ThreadAccess.find")(function* (threadId: ThreadId, userId?: UserId) {
      return yield* convex.query("threads:access", { threadId, userId }).pipe(
        Effect.tapError(({ _tag }) => Effect.sync(() => log("thread.access.unknown", { threadId, tag: _tag }))),
        Effect.mapError(() => new AccessUnknownError()),
        Effect.timeoutOrElse({ duration: answerTimeout, orElse: () => Effect.fail(new AccessUnknownError()) }),
      );
    });
    return {
      isGranted: (threadId, userId) => Effect.map(find(threadId, userId), (found) => found !== null),
      ownerOf: Effect.fnUntraced(function* (threadId) {
        const known = owners.get(threadId);
        if (known !== undefined) return known;
        const found = yield* find(threadId);
        if (found === null) return null;
        const owner = UserId.make(found.ownerId);
        owners.set(threadId, owner);
        return owner;
      }),
      mayOpenOpenCode: (threadId, userId) => Effect.map(find(threadId, userId), (found) => found?.hasOpenCode ?? false),
    };
  }),
);
