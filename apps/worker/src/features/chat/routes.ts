import { workerApi } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import type { Route, RouteRequest } from "../../http/route.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { asCaller } from "./caller.ts";
import { threadAgentRef } from "./refs.ts";

const isUpgrade = (request: Request): boolean => request.headers.get("upgrade")?.toLowerCase() === "websocket";

/** The thread's socket and, beside it, the transcript. Both carry the token in the query: a socket cannot elsewhere. */
export const chatRoutes = (env: Env): readonly Route<ThreadDoor>[] => {
  const pass = Effect.fnUntraced(function* (given: RouteRequest) {
    const { threadId, userId } = yield* authorizeThread(given, "query");
    // The agent's own faults are defects: it answers whatever it is asked.
    return yield* Effect.promise(async () =>
      (await threadAgentRef(env, threadId)).fetch(asCaller(given.request, userId)),
    );
  });
  return [
    {
      ...workerApi.thread,
      audience: "page",
      handle: Effect.fn("openThread")(function* (given) {
        if (isUpgrade(given.request)) return yield* pass(given);
        return yield* new RequestRefusedError({ wireTag: "NotFound", message: "There is nothing at this address." });
      }),
    },
    {
      ...workerApi.transcript,
      audience: "page",
      handle: Effect.fn("readTranscript")((given) => pass(given)),
    },
  ];
};
