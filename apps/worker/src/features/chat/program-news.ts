import { Effect, Layer, Schedule } from "effect";
import { refuser } from "../../http/failure.ts";
import { ProgramNews } from "../codemode/index.ts";
import { threadAgentRef } from "./refs.ts";

const refused = refuser({ UpstreamError: "The thread can't be told right now." });
const againAfter = Schedule.spaced("1 second");

/** The agents of threads, as those see them who run programs. */
export const programNewsLayer = (env: Env): Layer.Layer<ProgramNews> =>
  Layer.succeed(ProgramNews, {
    tell: (threadId, program) =>
      Effect.tryPromise({
        try: async () => (await threadAgentRef(env, threadId)).programChanged(program),
        catch: () => refused("UpstreamError"),
      }),
    stopped: (threadId) => {
      const wait = Effect.orDie(
        Effect.retry(
          Effect.tryPromise({
            try: async () => (await threadAgentRef(env, threadId)).programStopped(),
            catch: () => refused("UpstreamError"),
          }),
          againAfter,
        ),
      );
      return Effect.flatMap(wait, function again(isStopped): Effect.Effect<void> {
        return isStopped ? Effect.void : Effect.flatMap(wait, again);
      });
    },
  });
