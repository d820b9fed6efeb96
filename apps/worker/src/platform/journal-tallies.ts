import type { ThreadId } from "@threadbox/contracts/ids";
import type { JournalRow } from "@threadbox/contracts/journal";

/** Which tallies are counted together. */
export interface TalliedGroup {
  readonly threadId: ThreadId;
  readonly kind: string;
  /** Number of the stretch of time: alike in all else, what happens in the next one is another entry. */
  readonly window: number;
  /** So many entries at most; what is beyond them is counted in one of an empty subject, for each detail. */
  readonly entriesMax: number;
}

/** So many times something happened, from the first to the last of them. */
export interface JournalTally {
  readonly subject: string;
  readonly detail: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

const table =
  "create table if not exists tallies (entry_id text primary key, kind text not null, window integer not null, first_at integer not null, last_at integer not null, count integer not null)";

/** What has been counted of windows that may still grow, in a Durable Object's SQLite. */
export class JournalTallies {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(table);
  }

  #number(query: string, ...bindings: (string | number)[]): number {
    return Number(this.#sql.exec(query, ...bindings).toArray()[0]?.n ?? 0);
  }

  /** The entry that the tally belongs to, with what it now counts. */
  add(
    { kind, window, entriesMax }: TalliedGroup,
    { subject: named, detail, count, ...times }: JournalTally,
  ): JournalRow {
    this.#sql.exec("delete from tallies where kind = ? and window < ?", kind, window - 1);
    const idOf = (subject: string) => [kind, window, subject, detail].join(":");
    const isKnown = this.#number("select count(*) as n from tallies where entry_id = ?", idOf(named)) > 0;
    const known = this.#number("select count(*) as n from tallies where kind = ? and window = ?", kind, window);
    const subject = isKnown || known < entriesMax ? named : "";
    const entryId = idOf(subject);
    this.#sql.exec(
      `insert into tallies (entry_id, kind, window, first_at, last_at, count) values (?, ?, ?, ?, ?, ?)
       on conflict (entry_id) do update set count = count + excluded.count,
         first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)`,
      ...[entryId, kind, window, times.firstAt, times.lastAt, count],
    );
    const [row] = this.#sql.exec("select * from tallies where entry_id = ?", entryId).toArray();
    const sum = Number(row?.count ?? count);
    return {
      entryId,
      kind,
      at: Number(row?.first_at ?? times.firstAt),
      until: Number(row?.last_at ?? times.lastAt),
      count: sum,
      revision: sum,
      subject,
      detail,
    };
  }
}
