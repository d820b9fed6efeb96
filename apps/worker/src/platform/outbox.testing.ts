import type { OutboxRow, OutboxRows } from "./outbox.ts";

/** An outbox in memory, with what it has set aside. */
export const memoryOutboxRows = (): OutboxRows & { readonly setAsideRows: OutboxRow[] } => {
  let rows: OutboxRow[] = [];
  let sequence = 0;
  const setAsideRows: OutboxRow[] = [];
  const add: OutboxRows["add"] = (subject, debt) => {
    sequence += 1;
    rows.push({ ...debt, sequence, subject, refusals: 0, notBefore: 0 });
  };
  const remove = (gone: number) => {
    rows = rows.filter((row) => row.sequence !== gone);
  };
  return {
    setAsideRows,
    add,
    replace: (subject, debt) => {
      rows = rows.filter((row) => row.subject !== subject || row.path !== debt.path);
      add(subject, debt);
    },
    next: (except) => rows.find(({ subject }) => !except.has(subject)) ?? null,
    remove,
    postpone: (postponed, refusals, notBefore) => {
      rows = rows.map((row) => (row.sequence === postponed ? { ...row, refusals, notBefore } : row));
    },
    setAside: (refused) => {
      setAsideRows.push(...rows.filter((row) => row.sequence === refused));
      remove(refused);
    },
    counts: () => ({ owed: rows.length, setAside: setAsideRows.length }),
  };
};
