import { Effect } from "effect";
import { ConvexClient, type ConvexError } from "../../platform/convex-client.ts";
import { log } from "../../platform/log.ts";
import type { ChatStore, OutboxRow } from "./store.ts";

/** Rows read at once. */
const batchSize = 20;

/** What Convex will refuse tomorrow as today; holding on to it would hold up everything behind it. */
const finalTags: ReadonlySet<string> = new Set(["ValidationError", "BodyTooLarge", "NotFound"]);

const isFinal = (error: ConvexError): boolean =>
  error._tag === "ConvexFunctionError" && error.tag !== null && finalTags.has(error.tag);

/** Convex tells repeats of a row by its number; a report of activity is told by its time. */
const argsOf = ({ path, args, sequence }: OutboxRow): Record<string, unknown> =>
  path === "threads:setActivity" ? args : { ...args, sequence };

/**
 * Delivers what Convex is owed, in order, until nothing is left or Convex fails. A row goes only after Convex has
 * taken it, so a delivery may happen twice; every function it calls is idempotent. Answers whether all is delivered.
 */
export const drainOutbox = Effect.fn("drainOutbox")(function* (store: ChatStore) {
  const convex = yield* ConvexClient;
  const deliver = (row: OutboxRow): Effect.Effect<boolean> =>
    convex.mutation(row.path, argsOf(row)).pipe(
      Effect.as(true),
      Effect.catch((error) => {
        log("chat.delivery.failed", {
          path: row.path,
          sequence: row.sequence,
          tag: error._tag,
          isFinal: isFinal(error),
        });
        return Effect.succeed(isFinal(error));
      }),
    );
  for (let rows = store.owed(batchSize); rows.length > 0; rows = store.owed(batchSize)) {
    for (const row of rows) {
      if (!(yield* deliver(row))) return false;
      store.delivered(row.sequence);
    }
  }
  return true;
});
