import { setImmediate as nextTurn } from "node:timers/promises";
import type { Mutex } from "../functions/mutex.ts";
import type { Table } from "./catalog.ts";
import { type Build, indexKeepers } from "./index-kinds.ts";
import type { Schema } from "./schema.ts";
import type { Store } from "./store.ts";
import { readDocument } from "./stored-document.ts";

/** Documents that one transaction brings into an index; others write between two of them. */
const sliceSize = 200;

interface Slices {
  readonly table: Table;
  readonly build: Build;
}

const transact = <Result>(store: Store, writing: Mutex, step: () => Result): Promise<Result> =>
  writing.run(() => {
    store.begin();
    try {
      const result = step();
      store.commit([], store.latestTimestamp);
      return result;
    } finally {
      if (store.isOpen) store.rollback();
    }
  });

const begin = (store: Store, { tables }: Schema): Slices[] =>
  [...tables].flatMap(([name, spec]) => {
    const table = store.catalog.table(name);
    if (table === undefined) return [];
    return indexKeepers.flatMap((keeper) => keeper.builds(store, table, spec).map((build) => ({ table, build })));
  });

/** Brings in the next documents; tells whether those were the last. */
const fillSlice = (store: Store, { table, build: { note, add, isThere } }: Slices): boolean => {
  if (!isThere()) return true;
  const progress = store.buildProgress(note);
  const byId = store.catalog.index(table.name, "by_id");
  if (progress === "done" || byId === undefined) return true;
  const rows = store.connection
    .prepare(
      `SELECT e.key AS key, d.pk AS pk, d.document AS document FROM entries e CROSS JOIN documents d ON d.pk = e.pk
       WHERE e.index_id = ? AND e.key > ? ORDER BY e.key LIMIT ?`,
    )
    .all(byId.id, progress ?? new Uint8Array(), sliceSize);
  for (const row of rows) add(Number(row.pk), readDocument(String(row.document)));
  const last = rows.at(-1)?.key;
  const isDone = rows.length < sliceSize || !(last instanceof Uint8Array);
  store.noteBuild(note, isDone ? "done" : last);
  return isDone;
};

/**
 * Fills the indexes that `schema` wants and the database has not, a slice at a time, while functions go on that know nothing
 * of them. What they write meanwhile is in the indexes too. What was filled before a restart is not filled again. The
 * schema takes over with `applySchema`.
 */
export const buildIndexes = async (store: Store, schema: Schema, writing: Mutex): Promise<void> => {
  const builds = await transact(store, writing, () => begin(store, schema));
  for (const slices of builds) {
    while (!(await transact(store, writing, () => fillSlice(store, slices)))) await nextTurn();
  }
};
