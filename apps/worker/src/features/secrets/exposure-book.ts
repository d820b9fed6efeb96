import { secretLimits } from "@threadbox/contracts/secret-limits";
import type { SecretExposure, SecretExposureUse } from "@threadbox/contracts/secrets";
import type { TurnNow } from "./turns-now.ts";

const tables = [
  `create table if not exists exposures (
  secret_id text not null, version integer not null, kind text not null, thread_id text not null, host text not null,
  first_at integer not null, last_at integer not null, primary key (secret_id, version, kind, thread_id, host))`,
  `create table if not exists exposure_uses (
  secret_id text not null, version integer not null, kind text not null, thread_id text not null, host text not null,
  message_id text not null, call_id text not null, tool text not null, first_at integer not null, last_at integer not null,
  primary key (secret_id, version, kind, thread_id, host, message_id, call_id))`,
];

/** A time is this exact, in milliseconds, so that a busy turn does not write at every call. */
const seenMs = 5_000;

/** Which way a version has gone. */
export type Way = Pick<SecretExposure, "version" | "kind" | "threadId" | "host">;

type Row = Record<string, SqlStorageValue>;

const useOf = (row: Row): SecretExposureUse => ({
  messageId: row.message_id as SecretExposureUse["messageId"],
  callId: row.call_id === "" ? null : String(row.call_id),
  tool: row.tool === "" ? null : String(row.tool),
  firstAt: Number(row.first_at),
  lastAt: Number(row.last_at),
});

/** Where every version of every secret has gone since it was there. Nothing is ever taken out. */
export class ExposureBook {
  readonly #sql: DurableObjectStorage["sql"];

  constructor({ sql }: Pick<DurableObjectStorage, "sql">) {
    this.#sql = sql;
    for (const table of tables) sql.exec(table);
  }

  note(secretId: string, { version, kind, threadId, host }: Way, now: number): void {
    this.#sql.exec(
      "insert into exposures values (?, ?, ?, ?, ?, ?, ?) on conflict do update set last_at = excluded.last_at" +
        " where excluded.last_at - last_at >= ?",
      ...[secretId, version, kind, threadId, host ?? "", now, now, seenMs],
    );
  }

  /** What of the thread it was: the model itself is asked by the message alone, anything else by the calls that run. */
  noteUse(secretId: string, { version, kind, threadId, host }: Way, { messageId, calls }: TurnNow, now: number): void {
    const running = kind === "gateway" || calls.length === 0 ? [{ id: "", tool: "" }] : calls;
    for (const { id, tool } of running)
      this.#sql.exec(
        "insert into exposure_uses values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set last_at = excluded.last_at",
        ...[secretId, version, kind, threadId, host ?? "", messageId, id, tool, now, now],
      );
  }

  /** When it was last given to anybody; null: never. */
  lastAt(secretId: string): number | null {
    const last = "select max(last_at) as at from exposures where secret_id = ?";
    const at = this.#sql.exec(last, secretId).one().at;
    return typeof at === "number" ? at : null;
  }

  /** Last used first. */
  list(secretId: string, count: number): readonly SecretExposure[] {
    return this.#sql
      .exec("select * from exposures where secret_id = ? order by last_at desc limit ?", secretId, count)
      .toArray()
      .map((row) => ({
        version: Number(row.version),
        kind: row.kind as SecretExposure["kind"],
        threadId: row.thread_id as SecretExposure["threadId"],
        host: row.host === "" ? null : String(row.host),
        firstAt: Number(row.first_at),
        lastAt: Number(row.last_at),
        uses: this.#uses(row),
      }));
  }

  #uses({ secret_id, version, kind, thread_id, host }: Row): readonly SecretExposureUse[] {
    return this.#sql
      .exec(
        "select * from exposure_uses where secret_id = ? and version = ? and kind = ? and thread_id = ? and host = ?" +
          " order by last_at desc limit ?",
        ...[secret_id ?? "", version ?? 0, kind ?? "", thread_id ?? "", host ?? "", secretLimits.exposureUsesMax],
      )
      .toArray()
      .map(useOf);
  }
}
