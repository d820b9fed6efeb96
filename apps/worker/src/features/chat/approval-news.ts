import { Effect, Layer } from "effect";
import { refuser } from "../../http/failure.ts";
import { ApprovalNews } from "../codemode/index.ts";
import { threadAgentRef } from "./refs.ts";

const refused = refuser({ UpstreamError: "The thread can't be told right now." });

/** The agents of threads, as those see them who tell what waits for a person. */
export const approvalNewsLayer = (env: Env): Layer.Layer<ApprovalNews> =>
  Layer.succeed(ApprovalNews, {
    tell: (threadId, news) =>
      Effect.tryPromise({
        try: async () => (await threadAgentRef(env, threadId)).approvalsChanged(news),
        catch: () => refused("UpstreamError"),
      }),
  });
