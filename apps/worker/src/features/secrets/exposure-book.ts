import type { SecretExposure } from "@threadbox/contracts/secrets";

const table = `create table if not exists exposures (
  secret_id text not null, version integer not null, kind text not null, thread_id text not null, host text not null,
  first_at integer not null, last_at integer not null, primary key (secret_id, version, kind, thread_id, host))`;

/** A time is this exact, in milliseconds, so that a busy turn does not write at every call. */
const seenMs = 5_000;

/** Where every version of every secret has gone since it was there. Nothing is ever taken out. */
export class ExposureBook {
  readonly #sql: DurableObjectStorage["sql"];

  constructor({ sql }: Pick<DurableObjectStorage, "sql">) {
    this.#sql = sql;
    sql.exec(table);
  }

  note(secretId: string, { version, kind, threadId, host }: Omit<SecretExposure, "firstAt" | "lastAt">, now: number) {
    this.#sql.exec(
      "insert into exposures values (?, ?, ?, ?, ?, ?, ?) on conflict do update set last_at = excluded.last_at" +
        " where excluded.last_at - last_at >= ?",
      ...[secretId, version, kind, threadId, host ?? "", now, now, seenMs],
    );
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
      }));
  }
}
