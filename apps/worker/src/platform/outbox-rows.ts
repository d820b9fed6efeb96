import type { Debt, OutboxRow, OutboxRows } from "./outbox.ts";
import { sqlRows } from "./sql-rows.ts";

/** Rows that were set aside are kept to be looked at, the latest so many. */
const setAsideMax = 100;

const table =
  "create table if not exists outbox (sequence integer primary key autoincrement, path text not null, args text not null)";

/** What the table has gained since it was first made; rows of before belong to the object's one subject. */
const gained: Readonly<Record<string, string>> = {
  subject: "text not null default ''",
  refusals: "integer not null default 0",
  not_before: "integer not null default 0",
  set_aside_at: "integer",
};

/** What was added was a debt. */
const debtOf = ({ path, args }: Record<string, SqlStorageValue>): Debt =>
  ({ path, args: JSON.parse(String(args)) as unknown }) as Debt;

const rowOf = (row: Record<string, SqlStorageValue>): OutboxRow => ({
  ...debtOf(row),
  sequence: Number(row.sequence),
  subject: String(row.subject),
  refusals: Number(row.refusals),
  notBefore: Number(row.not_before),
});

/** The outbox of a Durable Object, in its own SQLite: what is added is durable with whatever else the turn changes. */
export const durableOutboxRows = ({ sql }: Pick<DurableObjectStorage, "sql">): OutboxRows => {
  const ask = sqlRows(sql);
  ask(table);
  const columns = new Set(ask("select name from pragma_table_info('outbox')").map(({ name }) => String(name)));
  for (const [name, type] of Object.entries(gained)) {
    if (!columns.has(name)) ask(`alter table outbox add column ${name} ${type}`);
  }
  const count = (where: string): number => Number(ask(`select count(*) as n from outbox where ${where}`)[0]?.n ?? 0);
  const add = (subject: string, { path, args }: Debt): void => {
    ask("insert into outbox (subject, path, args) values (?, ?, ?)", subject, path, JSON.stringify(args));
  };
  return {
    add,
    replace: (subject, debt) => {
      ask("delete from outbox where subject = ? and path = ? and set_aside_at is null", subject, debt.path);
      add(subject, debt);
    },
    next: (except) => {
      const [row] = ask(
        "select * from outbox where set_aside_at is null and subject not in (select value from json_each(?)) order by sequence limit 1",
        JSON.stringify([...except]),
      );
      return row === undefined ? null : rowOf(row);
    },
    remove: (sequence) => {
      ask("delete from outbox where sequence = ?", sequence);
    },
    postpone: (sequence, refusals, notBefore) => {
      ask("update outbox set refusals = ?, not_before = ? where sequence = ?", refusals, notBefore, sequence);
    },
    setAside: (sequence, at) => {
      ask("update outbox set set_aside_at = ? where sequence = ?", at, sequence);
      ask(
        "delete from outbox where set_aside_at is not null and sequence not in (select sequence from outbox where set_aside_at is not null order by sequence desc limit ?)",
        setAsideMax,
      );
    },
    counts: () => ({ owed: count("set_aside_at is null"), setAside: count("set_aside_at is not null") }),
  };
};
