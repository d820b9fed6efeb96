import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Value } from "convex/values";
import { valueAt } from "../values/field-path.ts";
import { indexKey } from "../values/index-key.ts";
import type { SearchIndex } from "./catalog.ts";
import { filtersOf, filterTerm } from "./filter-terms.ts";
import { searchTable } from "./search-table.ts";
import { termsOf } from "./search-terms.ts";

/** What a search looks for: any of the terms, of which the last may be the beginning of a word, and all of the filters. */
export interface SearchPhrase {
  readonly terms: readonly string[];
  readonly filters: readonly { readonly field: string; readonly value: Value | undefined }[];
}

export interface SearchHit {
  readonly pk: number;
  /** Smaller is better. */
  readonly rank: number;
}

/** The text that is searched, null where the field holds none. */
const searchedText = ({ searchField }: SearchIndex, document: Value): string | null => {
  const value = valueAt(document, searchField);
  return typeof value === "string" ? value : null;
};

/** Where a document stands for read and write sets: a search that demands values depends on no others. */
export const searchKey = ({ filterFields }: SearchIndex, document: Value): Uint8Array =>
  indexKey(filterFields.map((field) => valueAt(document, field)));

const matchOf = (index: SearchIndex, { terms, filters }: SearchPhrase): string => {
  const words = terms.map((term, at) => `"${term}"${at === terms.length - 1 ? "*" : ""}`);
  const demands = filters.map(({ field, value }) => ` AND filters : ${filterTerm(index, field, value)}`);
  return `terms : (${words.join(" OR ")})${demands.join("")}`;
};

/** The entries of search indexes through one connection. */
export class SearchEntries {
  readonly #connection: DatabaseSync;
  readonly #document: StatementSync;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
    this.#document = connection.prepare("SELECT document, size FROM documents WHERE pk = ?");
  }

  add(index: SearchIndex, pk: number | bigint, document: Value): void {
    const text = searchedText(index, document);
    if (text === null) return;
    this.#connection
      .prepare(`INSERT INTO ${searchTable(index)} (rowid, terms, filters) VALUES (?, ?, ?)`)
      .run(pk, termsOf(text).join(" "), filtersOf(index, document));
  }

  remove(index: SearchIndex, pk: number | bigint): void {
    this.#connection.prepare(`DELETE FROM ${searchTable(index)} WHERE rowid = ?`).run(pk);
  }

  /** Whether both editions of a document have the same entry. */
  isSame(index: SearchIndex, before: Value, after: Value): boolean {
    const isTextSame = searchedText(index, before) === searchedText(index, after);
    return isTextSame && filtersOf(index, before) === filtersOf(index, after);
  }

  /** The best matches, best first; of those alike, the newest first. */
  find(index: SearchIndex, phrase: SearchPhrase, limit: number): SearchHit[] {
    const table = searchTable(index);
    return this.#connection
      .prepare(
        `SELECT rowid AS pk, bm25(${table}, 1.0, 0.0) AS score FROM ${table} WHERE ${table} MATCH ?
         ORDER BY score, pk DESC LIMIT ?`,
      )
      .all(matchOf(index, phrase), limit)
      .map((row) => ({ pk: Number(row.pk), rank: Number(row.score) }));
  }

  document(pk: number): { readonly text: string; readonly size: number } | null {
    const row = this.#document.get(pk);
    return row === undefined ? null : { text: String(row.document), size: Number(row.size) };
  }
}
