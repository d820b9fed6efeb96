import type { UserId } from "@threadbox/contracts/ids";
import type { SecretVersionEnd } from "@threadbox/contracts/secrets";

const table = `create table if not exists ends (
  secret_id text not null, version integer not null, at integer not null, by text not null, reason text not null,
  primary key (secret_id, version))`;

/** Who ended a version before its time, when and why. */
export class EndBook {
  readonly #sql: DurableObjectStorage["sql"];

  constructor({ sql }: Pick<DurableObjectStorage, "sql">) {
    this.#sql = sql;
    sql.exec(table);
  }

  note(secretId: string, version: number, { at, by, reason }: SecretVersionEnd): void {
    this.#sql.exec("insert or replace into ends values (?, ?, ?, ?, ?)", secretId, version, at, by, reason);
  }

  /** Null: nobody did. */
  of(secretId: string, version: number): SecretVersionEnd | null {
    const ended = "select at, by, reason from ends where secret_id = ? and version = ?";
    const [row] = this.#sql.exec(ended, secretId, version).toArray();
    if (row === undefined) return null;
    return { at: Number(row.at), by: row.by as UserId, reason: String(row.reason) };
  }
}
