import { DurableObject } from "cloudflare:workers";
import { type PreviewLink, previewLinkLimits } from "@threadbox/contracts/preview-links";
import { viewOrigin } from "@threadbox/contracts/views";

/**
 * One per user: how often they have ended all their views (`epoch`), which tickets were used, and which preview links are
 * good. A view belongs to the epoch in which it was opened and ends with it; a link's view belongs to the link.
 */
export class UserViews extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec("create table if not exists epochs (epoch integer primary key)");
    this.#sql.exec("create table if not exists used_tickets (id text primary key, expires_at integer not null)");
    this.#sql.exec(
      `create table if not exists preview_links (id text primary key, thread_id text not null, port integer not null,
        made_at integer not null, expires_at integer not null)`,
    );
  }

  epoch(): number {
    const [row] = this.#sql.exec<{ epoch: number }>("select max(epoch) as epoch from epochs");
    return row?.epoch ?? 0;
  }

  /** Takes a ticket: true once, and only in the epoch in which it was made (null: in any). `now` in milliseconds since 1970. */
  redeem(ticket: { readonly id: string; readonly epoch: number | null }, now: number): boolean {
    if (ticket.epoch !== null && ticket.epoch !== this.epoch()) return false;
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

  /** False where the thread has as many links as it may. */
  addLink(threadId: string, { id, port, madeAt, expiresAt }: PreviewLink): boolean {
    if (this.links(threadId, madeAt).length >= previewLinkLimits.perThreadMax) return false;
    this.#sql.exec("insert into preview_links values (?, ?, ?, ?, ?)", id, threadId, port, madeAt, expiresAt);
    return true;
  }

  /** The thread's links that are good, the newest first; whatever is over is forgotten. */
  links(threadId: string, now: number): PreviewLink[] {
    this.#sql.exec("delete from preview_links where expires_at <= ?", now);
    const rows = this.#sql.exec<{ id: string; port: number; made_at: number; expires_at: number }>(
      "select id, port, made_at, expires_at from preview_links where thread_id = ? order by made_at desc, id",
      threadId,
    );
    return [...rows].map(({ id, port, made_at, expires_at }) => ({ id, port, madeAt: made_at, expiresAt: expires_at }));
  }

  /** What the link leads to; null where it is revoked or over. */
  findLink(id: string, now: number): { readonly threadId: string; readonly port: number } | null {
    const [row] = this.#sql.exec<{ thread_id: string; port: number }>(
      "select thread_id, port from preview_links where id = ? and expires_at > ?",
      id,
      now,
    );
    return row === undefined ? null : { threadId: row.thread_id, port: row.port };
  }

  /** The port of the link that is revoked by this; null where there is none. */
  revokeLink(threadId: string, id: string): number | null {
    const [row] = this.#sql.exec<{ port: number }>(
      "delete from preview_links where thread_id = ? and id = ? returning port",
      threadId,
      id,
    );
    return row?.port ?? null;
  }
}
