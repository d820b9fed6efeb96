import { programRunLimits } from "@threadbox/contracts/program-run-limits";
import type { KeepSnippet, Receipt, ReceiptText, Snippet, SnippetId } from "@threadbox/contracts/program-runs";
import { Hex } from "effect/encoding";
import { type SqlRow, type SqlRows, sqlRows } from "../../platform/sql-rows.ts";

/** What a run leaves, before it has its place in the chain. */
export interface NewReceipt extends Omit<ReceiptText, "sequence" | "before" | "program"> {
  readonly program: string;
}

const tables = [
  "create table if not exists receipts (sequence integer primary key, program text not null, text text not null, hash text not null)",
  "create table if not exists snippets (snippet_id text primary key, name text not null, program text not null, created_at integer not null)",
];

export const sha256 = async (content: string | Uint8Array): Promise<string> => {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  return Hex.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
};

const snippetOf = ({ snippet_id, name, program, created_at }: SqlRow): Snippet => ({
  snippetId: String(snippet_id) as SnippetId,
  name: String(name),
  program: String(program),
  createdAt: Number(created_at),
});

/** Where a receipt stands in its chain. */
export type ReceiptPlace = Pick<ReceiptText, "sequence"> & Pick<Receipt, "hash">;

/** A receipt to the letter, with its place behind that one. */
const textOf = (said: NewReceipt, program: string, head: ReceiptPlace): string => {
  const { runId, at, durationMs, calls, files, requests, end, result } = said;
  const receipt: ReceiptText = {
    ...{ sequence: head.sequence + 1, runId, at, durationMs, program },
    ...(said.arguments === undefined ? {} : { arguments: said.arguments }),
    calls,
    ...(said.decision === undefined ? {} : { decision: said.decision }),
    ...{ files, requests },
    ...(said.sent === undefined ? {} : { sent: said.sent }),
    ...{ end, result, before: head.hash },
  };
  return JSON.stringify(receipt);
};

/** What programs of one thread have done, each receipt chained to the one before, and those that are kept by name. */
export class RunBook {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;
  readonly #rows: SqlRows;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
    this.#rows = sqlRows(storage.sql);
    for (const table of tables) this.#rows(table);
  }

  #head() {
    const [row] = this.#rows("select sequence, hash from receipts order by sequence desc limit 1");
    return { sequence: Number(row?.sequence ?? 0), hash: String(row?.hash ?? "") };
  }

  /** Adds a receipt to the chain, and answers with its place. */
  async add(said: NewReceipt): Promise<ReceiptPlace> {
    const program = await sha256(said.program);
    // Another may have taken the place while the hash was worked out.
    for (;;) {
      const head = this.#head();
      const text = textOf(said, program, head);
      const hash = await sha256(text);
      if (this.#put(head.sequence, { text, hash }, said.program)) return { sequence: head.sequence + 1, hash };
    }
  }

  #put(after: number, { text, hash }: Receipt, program: string): boolean {
    return this.#storage.transactionSync(() => {
      if (this.#head().sequence !== after) return false;
      this.#rows("insert into receipts values (?, ?, ?, ?)", after + 1, program, text, hash);
      this.#rows("delete from receipts where sequence <= ?", after + 1 - programRunLimits.receiptsMax);
      return true;
    });
  }

  /** Oldest first. */
  receipts(): readonly Receipt[] {
    return this.#rows("select text, hash from receipts order by sequence").map(({ text, hash }) => ({
      text: String(text),
      hash: String(hash),
    }));
  }

  /** Newest first. */
  snippets(): readonly Snippet[] {
    return this.#rows("select * from snippets order by created_at desc, snippet_id").map(snippetOf);
  }

  snippet(snippetId: string): Snippet | null {
    const [row] = this.#rows("select * from snippets where snippet_id = ?", snippetId);
    return row === undefined ? null : snippetOf(row);
  }

  /** Keeps the program of a run under a name; null where there is no such run, or as many are kept as may be. */
  keep(snippetId: SnippetId, { name, sequence }: KeepSnippet, createdAt: number): Snippet | null {
    const [row] = this.#rows("select program from receipts where sequence = ?", sequence);
    if (row === undefined || this.snippets().length >= programRunLimits.snippetsMax) return null;
    this.#rows("insert into snippets values (?, ?, ?, ?)", snippetId, name, String(row.program), createdAt);
    return this.snippet(snippetId);
  }

  drop(snippetId: string): void {
    this.#rows("delete from snippets where snippet_id = ?", snippetId);
  }
}
