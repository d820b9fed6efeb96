import { cutText } from "@threadbox/contracts/cut-text";
import type { UIMessageChunk } from "ai";
import { CallsNow } from "./calls-now.ts";

/** Lines of text in pieces; each line is a chunk as JSON. An agent that takes a turn up again tells it from its beginning. */
const table =
  "create table if not exists told (seq integer primary key autoincrement, turn_id text not null, telling integer not null, text text not null)";

/** A row may have two megabytes; a UTF-16 unit has at most three bytes. */
const rowLengthMax = 500_000;

/** Text in pieces that a row holds. */
export const piecesOf = (text: string): readonly string[] => {
  const pieces: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const piece = cutText(rest, rowLengthMax);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
};

/**
 * What clients have been told of the answer that is being written, so that a turn whose agent is lost goes on from there:
 * OpenCode stores a text as empty until it ends. Kept until the turn has ended.
 */
export class ToldLog {
  readonly #sql: SqlStorage;
  #unkept: UIMessageChunk[] = [];
  readonly calls = new CallsNow();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(table);
  }

  /** Remembers chunks that were told; they are not durable before `keep`. */
  note(chunks: readonly UIMessageChunk[]): void {
    this.#unkept.push(...chunks);
    this.calls.note(chunks);
  }

  /** Whether something noted should be durable at once: what a tool has brought about cannot be seen a second time. */
  get isUrgent(): boolean {
    return this.#unkept.some(({ type }) => type.startsWith("tool-output-"));
  }

  /** Makes durable what was noted. `telling`: which time it is that the turn is told. */
  keep(turnId: string, telling: number): void {
    if (this.#unkept.length === 0) return;
    const text = this.#unkept.map((chunk) => `${JSON.stringify(chunk)}\n`).join("");
    this.#unkept = [];
    for (const piece of piecesOf(text)) {
      this.#sql.exec("insert into told (turn_id, telling, text) values (?, ?, ?)", turnId, telling, piece);
    }
  }

  /** The longest telling: one that was cut short at its beginning knows less than the one before. */
  read(turnId: string): readonly UIMessageChunk[] {
    const [longest] = this.#sql
      .exec(
        "select telling from told where turn_id = ? group by telling order by sum(length(text)) desc, telling desc limit 1",
        turnId,
      )
      .toArray();
    if (longest === undefined) return [];
    const rows = this.#sql.exec(
      "select text from told where turn_id = ? and telling = ? order by seq",
      turnId,
      longest.telling ?? 0,
    );
    const lines = rows
      .toArray()
      .map(({ text }) => String(text))
      .join("");
    return lines.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as UIMessageChunk]));
  }

  forget(turnId: string): void {
    this.#unkept = [];
    this.calls.clear();
    this.#sql.exec("delete from told where turn_id = ?", turnId);
  }
}
