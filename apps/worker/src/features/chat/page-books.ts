import { MessageId } from "@threadbox/contracts/ids";
import { Option, Schema } from "effect";
import { Ask } from "../opencode/index.ts";
import { piecesOf } from "./told-log.ts";

const tables = [
  "create table if not exists asks (message_id text not null, seq integer not null, text text not null, primary key (message_id, seq))",
  "create table if not exists forks (session_id text primary key, after_id text)",
];

const decodeAsk = Schema.decodeUnknownOption(Schema.fromJsonString(Ask));

/** What the thread remembers of OpenCode's own page. */
export class PageBooks {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const table of tables) sql.exec(table);
  }

  /** What the page asked with this message; null for one that was written in the chat. */
  askOf(messageId: string): Ask | null {
    const rows = this.#sql.exec("select text from asks where message_id = ? order by seq", messageId).toArray();
    if (rows.length === 0) return null;
    return Option.getOrNull(decodeAsk(rows.map(({ text }) => String(text)).join("")));
  }

  hasAsk(messageId: string): boolean {
    return this.#sql.exec("select 1 from asks where message_id = ? limit 1", messageId).toArray().length > 0;
  }

  keepAsk(messageId: string, ask: Ask): void {
    for (const [seq, piece] of piecesOf(JSON.stringify(ask)).entries()) {
      this.#sql.exec("insert into asks (message_id, seq, text) values (?, ?, ?)", messageId, seq, piece);
    }
  }

  dropAsk(messageId: string): void {
    this.#sql.exec("delete from asks where message_id = ?", messageId);
  }

  /** The page has begun a session that goes on after this message; null where it holds nothing of the thread. */
  noteFork(sessionId: string, after: MessageId | null): void {
    this.#sql.exec("insert into forks (session_id, after_id) values (?, ?) on conflict do nothing", sessionId, after);
  }

  /** Undefined for a session that the page has not begun. */
  forkOf(sessionId: string): MessageId | null | undefined {
    const [row] = this.#sql.exec("select after_id from forks where session_id = ?", sessionId).toArray();
    if (row === undefined) return undefined;
    return row.after_id === null ? null : MessageId.make(String(row.after_id));
  }
}
