import { SecretProbe } from "@threadbox/contracts/secrets";
import { Schema } from "effect";

const tables = [
  "create table if not exists probes (secret_id text primary key, probe text not null)",
  `create table if not exists rollouts (
    secret_id text not null, version integer not null, overlap_minutes integer not null,
    ends_when_acknowledged integer not null, checked text, primary key (secret_id, version))`,
];

/** How a version follows the one before it. */
export interface Rollout {
  readonly overlapMinutes: number;
  /** The one before ends as soon as nobody needs it any more. */
  readonly endsWhenAcknowledged: boolean;
  /** What its probe came to, in words. */
  readonly checked: string | null;
}

const atOnce: Rollout = { overlapMinutes: 0, endsWhenAcknowledged: false, checked: null };

const probeText = Schema.fromJsonString(SecretProbe);
const decodeProbe = Schema.decodeUnknownSync(probeText);
const encodeProbe = Schema.encodeSync(probeText);

/** What new versions must pass, and how each came to follow the one before. */
export class RolloutBook {
  readonly #sql: DurableObjectStorage["sql"];

  constructor({ sql }: Pick<DurableObjectStorage, "sql">) {
    this.#sql = sql;
    for (const table of tables) sql.exec(table);
  }

  probe(secretId: string): SecretProbe | null {
    const [row] = this.#sql.exec("select probe from probes where secret_id = ?", secretId).toArray();
    return row === undefined ? null : decodeProbe(row.probe);
  }

  setProbe(secretId: string, probe: SecretProbe | null): void {
    if (probe === null) this.#sql.exec("delete from probes where secret_id = ?", secretId);
    else this.#sql.exec("insert or replace into probes values (?, ?)", secretId, encodeProbe(probe));
  }

  /** A version without a row was there before anybody wrote them: it followed at once. */
  find(secretId: string, version: number): Rollout {
    const [row] = this.#sql
      .exec("select * from rollouts where secret_id = ? and version = ?", secretId, version)
      .toArray();
    if (row === undefined) return atOnce;
    return {
      overlapMinutes: Number(row.overlap_minutes),
      endsWhenAcknowledged: row.ends_when_acknowledged === 1,
      checked: row.checked === null ? null : String(row.checked),
    };
  }

  set(secretId: string, version: number, { overlapMinutes, endsWhenAcknowledged, checked }: Rollout): void {
    this.#sql.exec(
      "insert or replace into rollouts values (?, ?, ?, ?, ?)",
      ...[secretId, version, overlapMinutes, endsWhenAcknowledged ? 1 : 0, checked],
    );
  }
}
