import { type ErrorTag, isErrorTag } from "@threadbox/contracts/errors";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Context, Effect, Layer } from "effect";
import { RefusedError } from "../../http/failure.ts";
import type { Answered, Question } from "./askers.ts";
import { ThreadSilentError } from "./opencode-page.ts";
import { threadAgentRef } from "./refs.ts";

type Answer = Omit<Extract<Answered, { kind: "answered" }>, "kind">;

export interface AskingShape {
  /** Puts a question before the thread, as if its owner had written it, and waits for the end of its turn. */
  ask(threadId: ThreadId, question: Question): Effect.Effect<Answer, ThreadSilentError | RefusedError>;
}

export class Asking extends Context.Service<Asking, AskingShape>()("threadbox/worker/chat/Asking") {}

const tagOf = (tag: string): ErrorTag => (isErrorTag(tag) ? tag : "Internal");

/** The agent may be lost while it is waited for: the same message, asked again, is the same turn. */
const asksMax = 3;

export const askingLayer = (env: Env): Layer.Layer<Asking> =>
  Layer.succeed(Asking, {
    ask: Effect.fn("Asking.ask")(function* (threadId: ThreadId, question: Question) {
      const answered = yield* Effect.retry(
        Effect.tryPromise({
          try: async () => (await threadAgentRef(env, threadId)).ask(question),
          catch: () => new ThreadSilentError(),
        }),
        { times: asksMax - 1 },
      );
      if (answered.kind === "answered") return answered;
      return yield* new RefusedError({ wireTag: tagOf(answered.tag), message: answered.message });
    }),
  });
