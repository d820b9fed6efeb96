import { DurableObject } from "cloudflare:workers";
import { viewOrigin } from "@threadbox/contracts/views";

/**
 * One per user: how often they have ended all their views (`epoch`), and which tickets were used. A view belongs to the
 * epoch in which it was opened and ends with it.
 */
export class UserViews extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec("create table if not exists epochs (epoch integer primary key)");
    this.#sql.exec("create table if not exists used_tickets (id text primary key, expires_at integer not null)");
  }

  epoch(): number {
    const [row] = this.#sql.exec<{ epoch: number }>("select max(epoch) as epoch from epochs");
    return row?.epoch ?? 0;
  }

  /** Takes a ticket: true once, and only in the epoch in which it was made. `now` in milliseconds since 1970. */
  redeem(ticket: { readonly id: string; readonly epoch: number }, now: number): boolean {
    if (ticket.epoch !== this.epoch()) return false;
    this.#sql.exec("delete from used_tickets where expires_at < ?", now);
    const expiresAt = now + 2 * viewOrigin.ticketSeconds * 1000;
    const { rowsWritten } = this.#sql.exec(
      "insert into used_tickets (id, expires_at) values (?, ?) on conflict do nothing",
      ticket.id,
      expiresAt,
    );
    return rowsWritten > 0;
  }

  /** Ends every view of this user. */
  end(): void {
    this.#sql.exec("insert into epochs (epoch) values (?)", this.epoch() + 1);
    this.#sql.exec("delete from epochs where epoch < ?", this.epoch());
  }
}
