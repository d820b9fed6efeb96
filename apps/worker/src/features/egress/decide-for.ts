import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { findAnswerer } from "./answerer.ts";
import { decideHost } from "./decision.ts";
import { Policies } from "./policies.ts";

/** What becomes of that thread's connections to that host. */
export const decideFor = Effect.fnUntraced(function* (host: string, threadId: ThreadId) {
  const policies = yield* Policies;
  const [answerer, policy] = yield* Effect.all([findAnswerer(host, threadId), policies.of(threadId)], {
    concurrency: "unbounded",
  });
  return { answerer, answer: decideHost({ host, isIntercepted: answerer !== null, policy }) };
});
