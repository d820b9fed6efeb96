import type { ErrorTag } from "@threadbox/contracts/errors";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Context, Effect, Layer, Schema } from "effect";
import type { PageAnswer, PageRequest } from "./page-door.ts";
import { threadAgentRef } from "./refs.ts";

/** The thread's agent cannot be asked; what the page wanted may or may not have been taken. */
export class ThreadSilentError extends Schema.TaggedError<ThreadSilentError>()("ThreadSilentError", {}) {
  readonly wireTag: ErrorTag = "StoreUnavailable";
  override get message() {
    return "Can’t reach the thread right now.";
  }
}

export interface OpenCodePageShape {
  /** Puts what OpenCode's own page wants before the thread. */
  tell(threadId: ThreadId, request: PageRequest): Effect.Effect<PageAnswer, ThreadSilentError>;
}

export class OpenCodePage extends Context.Service<OpenCodePage, OpenCodePageShape>()(
  "threadbox/worker/chat/OpenCodePage",
) {}

export const openCodePageLayer = (env: Env): Layer.Layer<OpenCodePage> =>
  Layer.succeed(OpenCodePage, {
    tell: (threadId, request) =>
      Effect.tryPromise({
        try: async () => (await threadAgentRef(env, threadId)).hearPage(request),
        catch: () => new ThreadSilentError(),
      }),
  });
