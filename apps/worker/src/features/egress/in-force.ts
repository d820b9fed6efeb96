import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { log } from "../../platform/log.ts";
import { Sandboxes } from "../sandbox/index.ts";

/**
 * Tells the thread's sandbox, or all that run (null), that which hosts may be reached has changed. False: they could not be
 * told. A sandbox that is not told finds out by itself within some seconds.
 */
export const putInForce = Effect.fn("putInForce")(function* (threadId: ThreadId | null) {
  const sandboxes = yield* Sandboxes;
  const isInForce = yield* Effect.match(sandboxes.reconsiderEgress(threadId), {
    onSuccess: () => true,
    onFailure: () => false,
  });
  if (!isInForce) log("egress.untold", { threadId: threadId ?? "all" });
  return isInForce;
});
