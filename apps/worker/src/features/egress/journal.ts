import type { EgressTally } from "@threadbox/contracts/egress";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Clock, Effect } from "effect";
import { Journal, type JournalWindow } from "../../platform/journal.ts";

/** A program decides which hosts it asks for, and how often: so many entries in five minutes, whatever it does. */
const window: JournalWindow<"egress"> = { kind: "egress", windowMs: 5 * 60_000, entriesMax: 30 };

/** Tells the thread's journal what was decided about connections: hosts and verdicts, and nothing else of them. */
export const tellEgress = Effect.fnUntraced(function* (threadId: ThreadId, tallies: readonly EgressTally[]) {
  const journal = yield* Journal;
  const now = yield* Clock.currentTimeMillis;
  const counts = tallies.map(({ host, verdict, cause, count, firstAt, lastAt }) => ({
    subject: host ?? "",
    detail: { verdict, ...(cause === undefined ? {} : { cause }) },
    count,
    firstAt: Math.min(firstAt, now),
    lastAt: Math.min(lastAt, now),
  }));
  if (counts.length > 0) yield* journal.tally(threadId, window, counts);
});
