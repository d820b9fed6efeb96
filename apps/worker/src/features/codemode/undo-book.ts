import { type SqlRows, sqlRows } from "../../platform/sql-rows.ts";
import { joinPieces, piecesOf } from "./byte-pieces.ts";
import type { Undoable } from "./undo-changes.ts";

const tables = [
  "create table if not exists undos (approval_id text not null, position integer not null, path text not null, made text, is_file integer not null, primary key (approval_id, position))",
  "create table if not exists undo_pieces (approval_id text not null, position integer not null, piece integer not null, bytes blob not null, primary key (approval_id, position, piece))",
];

/** What files were before programs of one thread changed them, in the SQLite of its Durable Object. */
export class UndoBook {
  readonly #rows: SqlRows;

  constructor({ sql }: Pick<DurableObjectStorage, "sql">) {
    this.#rows = sqlRows(sql);
    for (const table of tables) this.#rows(table);
  }

  add(approvalId: string, changes: readonly Undoable[]): void {
    for (const [position, { path, made, before }] of changes.entries()) {
      this.#rows("insert into undos values (?, ?, ?, ?, ?)", approvalId, position, path, made, before === null ? 0 : 1);
      for (const [piece, bytes] of piecesOf(before ?? new Uint8Array()).entries())
        this.#rows("insert into undo_pieces values (?, ?, ?, ?)", approvalId, position, piece, bytes);
    }
  }

  /** Empty: nothing is kept of it. */
  changes(approvalId: string): readonly Undoable[] {
    return this.#rows("select * from undos where approval_id = ? order by position", approvalId).map(
      ({ position, path, made, is_file }) => ({
        path: String(path),
        made: made === null ? null : String(made),
        before: is_file === 1 ? this.#bytes(approvalId, Number(position)) : null,
      }),
    );
  }

  has(approvalId: string): boolean {
    return this.#rows("select 1 from undos where approval_id = ? limit 1", approvalId).length > 0;
  }

  #bytes(approvalId: string, position: number): Uint8Array {
    const pieces = "select bytes from undo_pieces where approval_id = ? and position = ? order by piece";
    return joinPieces(this.#rows(pieces, approvalId, position).map(({ bytes }) => bytes));
  }

  forget(approvalId: string): void {
    for (const table of ["undos", "undo_pieces"]) this.#rows(`delete from ${table} where approval_id = ?`, approvalId);
  }

  /** Keeps what waits, and the newest of what was done. */
  prune(keptMax: number): void {
    const kept =
      "select approval_id from approvals where ended_at is null union select * from (select approval_id from approvals where state = 'applied' order by ended_at desc limit ?)";
    for (const table of ["undos", "undo_pieces"])
      this.#rows(`delete from ${table} where approval_id not in (${kept})`, keptMax);
  }
}
