import { DurableObject } from "cloudflare:workers";
import type { ServiceMutations } from "@threadbox/contracts/convex-service";
import { type Layer, ManagedRuntime } from "effect";
import type { ConvexClient } from "./convex-client.ts";
import { log } from "./log.ts";
import { Outbox, type OutboxCounts, type OutboxRows } from "./outbox.ts";
import { durableOutboxRows } from "./outbox-rows.ts";

/** Arguments of `audit:append`. */
export type AuditRow = ServiceMutations["audit:append"];

/** Says of a row of some outbox that it was set aside. */
export const setAsideAction = "delivery.setAside";

/** More is not kept while Convex is away: some ten megabytes. */
const rowsMax = 20_000;
const elsewhereKey = "setAsideElsewhere";

/** Keeps the audit's rows of some of the users until Convex has taken them. */
export class AuditOutbox extends DurableObject<Env> {
  readonly #runtime: ManagedRuntime.ManagedRuntime<ConvexClient, never>;
  readonly #rows: OutboxRows;
  readonly #outbox: Outbox;

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<ConvexClient>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    this.#rows = durableOutboxRows(ctx.storage);
    this.#outbox = new Outbox(this.#rows);
  }

  /** Answers when the row is durable. Beyond the bound a row is lost, and the log says so. */
  async append(row: AuditRow): Promise<void> {
    const { kv } = this.ctx.storage;
    if (row.action === setAsideAction) kv.put(elsewhereKey, (kv.get<number>(elsewhereKey) ?? 0) + 1);
    if (this.#rows.counts().owed >= rowsMax) {
      log("audit.lost", { auditId: row.auditId, outcome: row.outcome, tag: "QuotaExceeded" });
      return;
    }
    // Rows of the audit do not wait for each other.
    this.#rows.add(row.auditId, { path: "audit:append", args: row });
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now());
  }

  /** What is owed here, and what was set aside here or by whoever told of it. */
  counts(): OutboxCounts {
    const { owed, setAside } = this.#rows.counts();
    return { owed, setAside: setAside + (this.ctx.storage.kv.get<number>(elsewhereKey) ?? 0) };
  }

  override async alarm(): Promise<void> {
    await this.#runtime.runPromise(this.#outbox.drain);
    const at = this.#outbox.nextAt(Date.now());
    if (at !== null) await this.ctx.storage.setAlarm(at);
  }
}
