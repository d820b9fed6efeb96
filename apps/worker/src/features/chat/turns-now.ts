import { Effect, Layer } from "effect";
import { TurnsNow } from "../secrets/index.ts";
import { threadAgentRef } from "./refs.ts";

/** The agents of threads, as the vault sees them that writes down what had a secret. */
export const turnsNowLayer = (env: Env): Layer.Layer<TurnsNow> =>
  Layer.succeed(TurnsNow, {
    of: (threadId) =>
      Effect.catch(
        Effect.tryPromise(async () => (await threadAgentRef(env, threadId)).turnNow()),
        () => Effect.succeed(null),
      ),
  });
