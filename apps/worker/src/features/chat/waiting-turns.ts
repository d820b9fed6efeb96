import { Effect, Layer } from "effect";
import { loginRefused, WaitingTurns } from "../logins/index.ts";
import { threadAgentRef } from "./refs.ts";

/** The agents of threads, as the logins that their turns wait for see them. */
export const waitingTurnsLayer = (env: Env): Layer.Layer<WaitingTurns> =>
  Layer.succeed(WaitingTurns, {
    tell: (threadId) =>
      Effect.tryPromise({
        try: async () => (await threadAgentRef(env, threadId)).loginChanged(),
        catch: () => loginRefused("unreachable"),
      }),
  });
