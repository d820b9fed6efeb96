import { DurableObject } from "cloudflare:workers";
import type { ServiceMutations } from "@threadbox/contracts/convex-service";
import { type Layer, ManagedRuntime } from "effect";
import type { ConvexClient } from "./convex-client.ts";
import { JournalTallies, type JournalTally, type TalliedGroup } from "./journal-tallies.ts";
import { log } from "./log.ts";
import { Outbox, type OutboxCounts, type OutboxRows } from "./outbox.ts";
import { durableOutboxRows } from "./outbox-rows.ts";

/** Arguments of `journal:append`. */
export type JournalDebt = ServiceMutations["journal:append"];

/** More is not kept of one thread while Convex is away: it keeps no more either. */
const rowsMax = 2_000;

/** Keeps what is to be told of one thread, and has no Durable Object of its own, until Convex has taken it. */
export class JournalOutbox extends DurableObject<Env> {
  readonly #runtime: ManagedRuntime.ManagedRuntime<ConvexClient, never>;
  readonly #rows: OutboxRows;
  readonly #outbox: Outbox;
  readonly #tallies: JournalTallies;

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<ConvexClient>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    this.#rows = durableOutboxRows(ctx.storage);
    this.#outbox = new Outbox(this.#rows);
    this.#tallies = new JournalTallies(ctx.storage.sql);
  }

  /** Answers when the entry is durable; a later one of the same id takes the place of one that is still owed. */
  async append(debt: JournalDebt): Promise<void> {
    this.#owe(debt);
    await this.#arm();
  }

  /** The same for what happens often: alike in their key, entries are one with a count. */
  async tally(group: TalliedGroup, tallies: readonly JournalTally[]): Promise<void> {
    for (const tally of tallies) this.#owe({ ...this.#tallies.add(group, tally), threadId: group.threadId });
    await this.#arm();
  }

  counts(): OutboxCounts {
    return this.#outbox.counts();
  }

  override async alarm(): Promise<void> {
    await this.#runtime.runPromise(this.#outbox.drain);
    const at = this.#outbox.nextAt(Date.now());
    if (at !== null) await this.ctx.storage.setAlarm(at);
  }

  #owe(debt: JournalDebt): void {
    if (this.#rows.counts().owed >= rowsMax) log("journal.lost", { threadId: debt.threadId, kind: debt.kind });
    else this.#rows.replace(debt.entryId, { path: "journal:append", args: debt });
  }

  async #arm(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now());
  }
}
