import { waitUntil } from "cloudflare:workers";
import { cutText } from "@threadbox/contracts/cut-text";
import type { ThreadId } from "@threadbox/contracts/ids";
import { type JournalDetails, type JournalEntry, type JournalKind, journalLimits } from "@threadbox/contracts/journal";
import { Context, Effect, Layer } from "effect";
import type { JournalDebt } from "./journal-outbox.ts";
import type { JournalTally } from "./journal-tallies.ts";
import { log } from "./log.ts";
import { journalOutboxRef } from "./refs.ts";

/** An entry as Convex is owed it, within bounds. */
export const journalDebt = (threadId: ThreadId, entry: JournalEntry): JournalDebt => {
  const detail = JSON.stringify(entry.detail);
  return {
    ...entry,
    threadId,
    subject: cutText(entry.subject, journalLimits.subjectLengthMax),
    detail: detail.length <= journalLimits.detailLengthMax ? detail : "{}",
  };
};

/** Something that happened so many times, of which each window of time makes one entry. */
export interface JournalCount<Kind extends JournalKind> {
  readonly subject: string;
  readonly detail: JournalDetails[Kind];
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** How the entries of one kind are counted together. */
export interface JournalWindow<Kind extends JournalKind> {
  readonly kind: Kind;
  readonly windowMs: number;
  readonly entriesMax: number;
}

/** Where slices without a Durable Object of their own tell what happened on a thread's computer. */
export interface JournalShape {
  /** Records the entry behind the answer's back: no request waits for it, and none fails with it. */
  append(threadId: ThreadId, entry: JournalEntry): Effect.Effect<void>;
  /** The same for what happens often. */
  tally<Kind extends JournalKind>(
    threadId: ThreadId,
    window: JournalWindow<Kind>,
    counts: readonly JournalCount<Kind>[],
  ): Effect.Effect<void>;
}

export class Journal extends Context.Service<Journal, JournalShape>()("threadbox/worker/platform/Journal") {}

/** How often an entry is handed over to its outbox before it counts as lost. */
const handoversMax = 3;

const tallyOf = ({ subject, detail, ...rest }: JournalCount<JournalKind>): JournalTally => ({
  ...rest,
  subject: cutText(subject, journalLimits.subjectLengthMax),
  detail: JSON.stringify(detail),
});

/** Entries go to an outbox of their thread's own and from there to Convex, so that none is lost while Convex is away. */
export const journalLayer = (env: Pick<Env, "JOURNAL_OUTBOX">): Layer.Layer<Journal> => {
  /** The platform ends what a request leaves behind unless it is told to wait. */
  const deliver = (
    threadId: ThreadId,
    handovers: number,
    hand: (outbox: ReturnType<typeof journalOutboxRef>) => Promise<void>,
  ) =>
    Effect.sync(() => {
      const handover = Effect.tryPromise(() => hand(journalOutboxRef(env, threadId))).pipe(
        Effect.retry({ times: handovers - 1 }),
        Effect.catch(() => Effect.sync(() => log("journal.lost", { threadId, tag: "Internal" }))),
      );
      waitUntil(Effect.runPromise(handover));
    });
  return Layer.succeed(Journal, {
    append: (threadId, entry) =>
      deliver(threadId, handoversMax, (outbox) => outbox.append(journalDebt(threadId, entry))),
    tally: (threadId, { kind, windowMs, entriesMax }, counts) => {
      const window = Math.floor(Math.max(0, ...counts.map(({ lastAt }) => lastAt)) / windowMs);
      const tallies = counts.map(tallyOf);
      // Handed over twice it would count twice.
      return deliver(threadId, 1, (outbox) => outbox.tally({ threadId, kind, window, entriesMax }, tallies));
    },
  });
};
