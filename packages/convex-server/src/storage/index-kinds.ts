import { type Catalog, type Index, isBuiltInIndex, type SearchIndex, type Table, type VectorIndex } from "./catalog.ts";
import { type Document, keyOf } from "./documents.ts";
import type { IndexSpec, SearchIndexSpec, TableSpec, VectorIndexSpec } from "./schema.ts";
import type { Store } from "./store.ts";

/** What a schema declares of one index, and that index as it is kept. */
interface IndexKind<Spec extends { readonly name: string }, Kept extends Spec & { readonly id: number }> {
  readonly name: string;
  readonly wanted: (spec: TableSpec) => readonly Spec[];
  /** Those that a schema may declare. */
  readonly kept: (catalog: Catalog, table: Table) => readonly Kept[];
  /** Whether both would hold the same, whatever their names. */
  readonly isSame: (a: Spec, b: Spec) => boolean;
  readonly create: (catalog: Catalog, table: Table, spec: Spec) => Kept;
  readonly rename: (catalog: Catalog, index: Kept, name: string) => void;
  readonly drop: (catalog: Catalog, index: Kept) => void;
  /** Brings a document into the index, inside the open transaction, whether or not it is there already. */
  readonly add: (store: Store, index: Kept, pk: number, document: Document) => void;
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, at) => text === b[at]);

const ordinary: IndexKind<IndexSpec, Index> = {
  name: "ordinary",
  wanted: ({ indexes }) => indexes,
  kept: (catalog, table) => catalog.indexesOf(table.name).filter(({ name }) => !isBuiltInIndex(name)),
  isSame: (a, b) => isSameList(a.fields, b.fields),
  create: (catalog, table, { name, fields }) => catalog.createIndex(table, name, fields),
  rename: (catalog, { id }, name) => catalog.renameIndex("indexes", id, name),
  drop: (catalog, index) => catalog.dropIndex(index),
  add: ({ connection }, index, pk, document) => {
    connection
      .prepare("INSERT OR IGNORE INTO entries (index_id, key, pk) VALUES (?, ?, ?)")
      .run(index.id, keyOf(index, document), pk);
  },
};

const search: IndexKind<SearchIndexSpec, SearchIndex> = {
  name: "search",
  wanted: ({ searchIndexes }) => searchIndexes,
  kept: (catalog, table) => catalog.searchIndexesOf(table.name),
  isSame: (a, b) => a.searchField === b.searchField && isSameList(a.filterFields, b.filterFields),
  create: (catalog, table, spec) => catalog.createSearchIndex(table, spec),
  rename: (catalog, { id }, name) => catalog.renameIndex("search_indexes", id, name),
  drop: (catalog, index) => catalog.dropSearchIndex(index),
  add: ({ pending }, index, pk, document) => {
    pending.search.remove(index, pk);
    pending.search.add(index, pk, document);
  },
};

const vector: IndexKind<VectorIndexSpec, VectorIndex> = {
  name: "vector",
  wanted: ({ vectorIndexes }) => vectorIndexes,
  kept: (catalog, table) => catalog.vectorIndexesOf(table.name),
  isSame: (a, b) =>
    a.vectorField === b.vectorField && a.dimensions === b.dimensions && isSameList(a.filterFields, b.filterFields),
  create: (catalog, table, spec) => catalog.createVectorIndex(table, spec),
  rename: (catalog, { id }, name) => catalog.renameIndex("vector_indexes", id, name),
  drop: (catalog, index) => catalog.dropVectorIndex(index),
  add: ({ pending }, index, pk, document) => {
    pending.vectors.remove(index, pk);
    pending.vectors.add(index, pk, document);
  },
};

/** An index that is filled while functions run that know nothing of it. No schema can declare such a name. */
const buildNameOf = (name: string): string => `+${name}`;

/** The filling of one index that a schema wants and the database has not. */
export interface Build {
  /** Names it beside its progress. */
  readonly note: string;
  /** Whether the index has not been dropped since. */
  readonly isThere: () => boolean;
  /** Brings in a document, inside the open transaction. */
  readonly add: (pk: number, document: Document) => void;
}

/** One kind of index, with what can be done for a table of a schema. */
export interface IndexKeeper {
  /** The builds that `spec` needs, begun or found; inside the open transaction. */
  readonly builds: (store: Store, table: Table, spec: TableSpec) => Build[];
  /**
   * Brings the indexes of a table to what `spec` declares: takes over the builds that are done, drops what is not wanted
   * and hands back what is left to be filled. Inside the open transaction.
   */
  readonly align: (store: Store, table: Table, spec: TableSpec | undefined) => Build[];
}

const keeperOf = <Spec extends { readonly name: string }, Kept extends Spec & { readonly id: number }>(
  kind: IndexKind<Spec, Kept>,
): IndexKeeper => {
  const find = (catalog: Catalog, table: Table, name: string, spec: Spec): Kept | undefined =>
    kind.kept(catalog, table).find((index) => index.name === name && kind.isSame(index, spec));
  const missing = ({ catalog }: Store, table: Table, spec: TableSpec | undefined): Spec[] =>
    spec === undefined ? [] : kind.wanted(spec).filter((wanted) => !find(catalog, table, wanted.name, wanted));
  const buildOf = (store: Store, table: Table, index: Kept): Build => ({
    note: `build_${kind.name}_${index.id}`,
    isThere: () => kind.kept(store.catalog, table).some(({ id }) => id === index.id),
    add: (pk, document) => kind.add(store, index, pk, document),
  });
  const takeOver = (store: Store, table: Table, wanted: Spec): void => {
    const built = find(store.catalog, table, buildNameOf(wanted.name), wanted);
    if (built === undefined || store.buildProgress(buildOf(store, table, built).note) !== "done") return;
    const old = kind.kept(store.catalog, table).find(({ name }) => name === wanted.name);
    if (old !== undefined) kind.drop(store.catalog, old);
    kind.rename(store.catalog, built, wanted.name);
  };
  return {
    builds: (store, table, spec) =>
      missing(store, table, spec).map((wanted) => {
        const name = buildNameOf(wanted.name);
        const begun = find(store.catalog, table, name, wanted);
        const other = kind.kept(store.catalog, table).find((index) => index.name === name);
        if (begun === undefined && other !== undefined) kind.drop(store.catalog, other);
        return buildOf(store, table, begun ?? kind.create(store.catalog, table, { ...wanted, name }));
      }),
    align: (store, table, spec) => {
      for (const wanted of missing(store, table, spec)) takeOver(store, table, wanted);
      for (const index of [...kind.kept(store.catalog, table)]) {
        store.noteBuild(buildOf(store, table, index).note, null);
        const wanted = spec && kind.wanted(spec).find(({ name }) => name === index.name);
        if (wanted === undefined || !kind.isSame(index, wanted)) kind.drop(store.catalog, index);
      }
      return missing(store, table, spec).map((wanted) =>
        buildOf(store, table, kind.create(store.catalog, table, wanted)),
      );
    },
  };
};

export const indexKeepers: readonly IndexKeeper[] = [keeperOf(ordinary), keeperOf(search), keeperOf(vector)];
