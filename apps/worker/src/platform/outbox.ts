import type { ServiceMutations } from "@threadbox/contracts/convex-service";
import { Clock, Effect, Semaphore } from "effect";
import { ConvexClient, type ConvexError, type ConvexFunctionError } from "./convex-client.ts";
import { log } from "./log.ts";

/** A call on Convex that is owed. Only idempotent functions are owed: a delivery may happen twice. */
export type Debt = {
  readonly [P in keyof ServiceMutations]: { readonly path: P; readonly args: ServiceMutations[P] };
}[keyof ServiceMutations];

export type OutboxRow = Debt & {
  /** Grows with every row and never repeats. */
  readonly sequence: number;
  /** Rows of one subject are delivered in their order; those of different subjects do not wait for each other. */
  readonly subject: string;
  /** How often Convex has refused it. */
  readonly refusals: number;
  /** Not tried before, in milliseconds since 1970. */
  readonly notBefore: number;
};

/** Where rows are kept. Synchronous, so that a row becomes durable together with the change that it tells of. */
export interface OutboxRows {
  add(subject: string, debt: Debt): void;
  /** Takes away what is still owed to the same subject by the same path, and adds: only the latest counts. */
  replace(subject: string, debt: Debt): void;
  /** The oldest row that is owed, but for those of these subjects. */
  next(except: ReadonlySet<string>): OutboxRow | null;
  remove(sequence: number): void;
  postpone(sequence: number, refusals: number, notBefore: number): void;
  /** Takes a row out of the way for good; it is kept to be looked at. */
  setAside(sequence: number, at: number): void;
  counts(): OutboxCounts;
}

export interface OutboxCounts {
  readonly owed: number;
  readonly setAside: number;
}

/** A row that Convex has refused too often. */
export interface SetAside {
  readonly row: OutboxRow;
  /** The tag of its last refusal, where it had one. */
  readonly tag: string | null;
}

const refusalsMax = 10;
const waitMsMax = 60_000;
/** Before a row that alone got no answer is tried again. */
const unansweredWaitMs = 5_000;

const waitMs = (failures: number): number => Math.min(waitMsMax, 1000 * 2 ** Math.min(failures, 10));

/** What these functions tell repeats by is in their arguments; all others are given the row's number. */
const unnumbered: ReadonlySet<keyof ServiceMutations> = new Set([
  "threads:setActivity",
  "sandboxes:report",
  "journal:append",
  "audit:append",
]);

const argsOf = ({ path, args, sequence }: OutboxRow): Debt["args"] =>
  unnumbered.has(path) ? args : { ...args, sequence };

/** What a row tells of is gone: nobody misses the row. */
const isPointless = (error: ConvexError): boolean => error._tag === "ConvexFunctionError" && error.tag === "NotFound";

const senderStatuses: ReadonlySet<number> = new Set([401, 403, 408, 429]);
const senderTags: ReadonlySet<string> = new Set([
  "TokenMissing",
  "TokenMalformed",
  "TokenInvalid",
  "TokenExpired",
  "Forbidden",
  "RateLimited",
]);

/** Convex does not take the worker, as while their keys differ or too much is asked: no row is at fault, and all wait. */
const isAboutTheSender = ({ tag, status }: ConvexFunctionError): boolean =>
  senderTags.has(tag ?? "") || (status !== undefined && senderStatuses.has(status));

/**
 * What is owed to Convex. A row goes only after Convex has taken it. While Convex cannot be reached, or does not take the
 * worker, everything waits, and what got no answer goes last when it is tried again, so that a row which alone gets none
 * holds up its own subject. So does a row that Convex refuses, which is set aside after ten tries.
 */
export class Outbox {
  readonly #rows: OutboxRows;
  readonly #turn = Semaphore.makeUnsafe(1);
  /** Times in a row that Convex took nothing from this worker. */
  #failures = 0;
  /** Subjects that got no answer since Convex last took something of theirs: the next drain begins with all others. */
  readonly #unanswered = new Set<string>();

  constructor(rows: OutboxRows) {
    this.#rows = rows;
  }

  counts(): OutboxCounts {
    return this.#rows.counts();
  }

  /** When to drain again, in milliseconds since 1970; null where nothing is owed. */
  nextAt(now: number): number | null {
    const waiting = new Set<string>();
    let soonest: number | null = null;
    for (let row = this.#rows.next(waiting); row !== null; row = this.#rows.next(waiting)) {
      soonest = soonest === null ? row.notBefore : Math.min(soonest, row.notBefore);
      if (row.notBefore <= now) break;
      waiting.add(row.subject);
    }
    return soonest === null ? null : Math.max(soonest, now + waitMs(this.#failures));
  }

  /** Delivers what can be delivered now, and answers what was set aside. Never fails; calls follow one another. */
  readonly drain: Effect.Effect<readonly SetAside[], never, ConvexClient> = Effect.suspend(() =>
    this.#turn.withPermits(1)(this.#deliverAll()),
  );

  #deliverAll = Effect.fn("Outbox.drain")(function* (this: Outbox) {
    const unanswered = new Set(this.#unanswered);
    const waiting = new Set<string>();
    const next = () => this.#rows.next(new Set([...waiting, ...unanswered])) ?? this.#rows.next(waiting);
    const setAside: SetAside[] = [];
    let hasTaken = false;
    for (let row = next(); row !== null; row = next()) {
      const now = yield* Clock.currentTimeMillis;
      if (row.notBefore > now) {
        waiting.add(row.subject);
        continue;
      }
      const error = yield* deliver(row);
      if (error !== null && (error._tag === "ConvexUnavailableError" || isAboutTheSender(error))) {
        this.#unanswered.add(row.subject);
        if (!hasTaken || !unanswered.has(row.subject)) {
          this.#failures += 1;
          return setAside;
        }
        // Convex answers others, and not for the first time this one alone is left without.
        this.#rows.postpone(row.sequence, row.refusals, now + unansweredWaitMs);
        continue;
      }
      hasTaken ||= error === null;
      this.#failures = 0;
      this.#unanswered.delete(row.subject);
      unanswered.delete(row.subject);
      if (error === null || isPointless(error)) this.#rows.remove(row.sequence);
      else if (row.refusals + 1 < refusalsMax) {
        this.#rows.postpone(row.sequence, row.refusals + 1, now + waitMs(row.refusals));
      } else {
        this.#rows.setAside(row.sequence, now);
        setAside.push({ row, tag: error.tag });
        log("delivery.set.aside", { path: row.path, sequence: row.sequence, tag: error.tag });
      }
    }
    return setAside;
  });
}

const deliver = Effect.fnUntraced(function* (row: OutboxRow) {
  const convex = yield* ConvexClient;
  return yield* Effect.match(convex.mutation(row.path, argsOf(row)), {
    onSuccess: () => null,
    onFailure: (error) => {
      const tag = error._tag === "ConvexFunctionError" ? error.tag : error._tag;
      log("delivery.failed", { path: row.path, sequence: row.sequence, tag, refusals: row.refusals });
      return error;
    },
  });
});
