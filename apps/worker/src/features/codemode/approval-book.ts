import type { SentRequest } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { ApprovalId, ApprovalState, PendingApproval, ProgramPolicy } from "@threadbox/contracts/program-approval";
import { ApprovalState as ApprovalStateSchema, ProgramApproval } from "@threadbox/contracts/program-approval";
import { Schema } from "effect";
import { type SqlRows, sqlRows } from "../../platform/sql-rows.ts";
import { joinPieces, piecesOf } from "./byte-pieces.ts";
import type { HeldChange } from "./change-shown.ts";
import type { HeldRequest } from "./held-requests.ts";
import { RequestBook } from "./request-book.ts";
import { UndoBook } from "./undo-book.ts";
import type { Undoable } from "./undo-changes.ts";

export interface NewApproval {
  readonly approvalId: ApprovalId;
  readonly program: string;
  /** Names the program: the same one, run again, comes to the same approval while that is news. */
  readonly programHash: string;
  readonly changes: readonly HeldChange[];
  readonly requests: readonly HeldRequest[];
  /** What the program came to, as JSON: told once it is known what a person says. */
  readonly report: string;
}

export interface ApprovalStanding {
  readonly state: ApprovalState;
  readonly words: string | null;
}

/** How a program that waits goes on. */
type ApprovalOutcome = ApprovalStanding & { readonly state: Exclude<ApprovalState, "pending" | "applying" | "undone"> };

/** The same, with what was sent, and the name of its changes where they can be undone. */
export type ApprovalEnd = ApprovalOutcome & {
  readonly sent: readonly SentRequest[];
  readonly changes: ApprovalId | null;
};

export const isOver = (standing: ApprovalStanding): standing is ApprovalOutcome =>
  standing.state !== "pending" && standing.state !== "applying" && standing.state !== "undone";

/** How the program's caller is told of it: what somebody does later with its files is no news for them. */
export const asTold = ({ state, words }: ApprovalStanding): ApprovalStanding => ({
  state: state === "undone" ? "applied" : state,
  words,
});

const tables = [
  "create table if not exists approvals (approval_id text primary key, state text not null, words text, hash text not null, since integer not null, until integer not null, ended_at integer, is_told integer not null default 0, document text not null, report text)",
  /** What has to be made of an approval that is not over. */
  "create table if not exists contents (approval_id text not null, position integer not null, path text not null, version text not null, is_file integer not null, primary key (approval_id, position))",
  /** A row may have two megabytes, a file more. */
  "create table if not exists pieces (approval_id text not null, position integer not null, piece integer not null, bytes blob not null, primary key (approval_id, position, piece))",
  "create table if not exists diffs (approval_id text not null, position integer not null, diff text, primary key (approval_id, position))",
  "create table if not exists policy (key text primary key, value text not null)",
];
/** Of those that are over, the latest so many are known. */
const keptMax = 50;

const isState = Schema.is(ApprovalStateSchema);
const decodeView = Schema.decodeUnknownSync(ProgramApproval);

/** What programs of one thread have asked, in the SQLite of its Durable Object. */
export class ApprovalBook {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;
  readonly #rows: SqlRows;

  readonly requests: RequestBook;
  readonly undos: UndoBook;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
    this.#rows = sqlRows(storage.sql);
    this.requests = new RequestBook(storage);
    this.undos = new UndoBook(storage);
    for (const table of tables) this.#rows(table);
  }

  add(wish: NewApproval, undoable: readonly Undoable[], since: number, until: number): void {
    const { approvalId, program, programHash, changes, requests, report } = wish;
    this.#storage.transactionSync(() => {
      const told = changes.map(({ version: _, content: __, before: ___, diff: ____, ...change }) => change);
      const document = JSON.stringify({ program, changes: told });
      this.#rows(
        "insert into approvals (approval_id, state, hash, since, until, document, report) values (?, 'pending', ?, ?, ?, ?, ?)",
        ...[approvalId, programHash, since, until, document, report],
      );
      this.requests.add(approvalId, requests);
      this.undos.add(approvalId, undoable);
      changes.forEach(({ path, version, content, diff }, position) => {
        const isFile = content === null ? 0 : 1;
        this.#rows("insert into contents values (?, ?, ?, ?, ?)", approvalId, position, path, version, isFile);
        this.#rows("insert into diffs values (?, ?, ?)", approvalId, position, diff);
        for (const [piece, bytes] of piecesOf(content ?? new Uint8Array()).entries())
          this.#rows("insert into pieces values (?, ?, ?, ?)", approvalId, position, piece, bytes);
      });
    });
  }

  standing(approvalId: string): ApprovalStanding | null {
    const [row] = this.#rows("select state, words from approvals where approval_id = ?", approvalId);
    if (row === undefined || !isState(row.state)) return null;
    return { state: row.state, words: row.words === null ? null : String(row.words) };
  }

  view(approvalId: string): ProgramApproval | null {
    const [row] = this.#rows("select * from approvals where approval_id = ?", approvalId);
    if (row === undefined) return null;
    const { program, changes } = JSON.parse(String(row.document)) as { program: string; changes: object[] };
    const diffs = this.#rows("select diff from diffs where approval_id = ? order by position", approvalId);
    const { since, until, state, words } = row;
    const shown = changes.map((change, at) => ({ ...change, diff: diffs[at]?.diff ?? null }));
    return decodeView({
      approvalId,
      since,
      until,
      state,
      words,
      program,
      changes: shown,
      requests: this.requests.shown(approvalId),
    });
  }

  contents(approvalId: string): readonly Pick<HeldChange, "path" | "version" | "content">[] {
    return this.#rows("select * from contents where approval_id = ? order by position", approvalId).map(
      ({ position, path, version, is_file }) => ({
        path: String(path),
        version: String(version),
        content: is_file === 1 ? this.#bytes(approvalId, Number(position)) : null,
      }),
    );
  }

  #bytes(approvalId: string, position: number): Uint8Array {
    const pieces = "select bytes from pieces where approval_id = ? and position = ? order by piece";
    return joinPieces(this.#rows(pieces, approvalId, position).map(({ bytes }) => bytes));
  }

  /** Oldest first. */
  pending(): readonly PendingApproval[] {
    return this.#rows("select * from approvals where state = 'pending' order by since").map(
      ({ approval_id, since, until }) => ({
        approvalId: String(approval_id) as ApprovalId,
        since: Number(since),
        until: Number(until),
      }),
    );
  }

  applying(): readonly ApprovalId[] {
    return this.#rows("select approval_id from approvals where state = 'applying'").map(
      ({ approval_id }) => String(approval_id) as ApprovalId,
    );
  }

  /** An approval of that program that waits, or whose end, since that moment, nobody has been told. */
  resumable(programHash: string, endedSince: number): ApprovalId | null {
    const [row] = this.#rows(
      "select approval_id from approvals where hash = ? and is_told = 0 and (ended_at is null or ended_at >= ?) order by since desc limit 1",
      ...[programHash, endedSince],
    );
    return row === undefined ? null : (String(row.approval_id) as ApprovalId);
  }

  /** Whoever ran the program knows how it ended. */
  told(approvalId: string): void {
    this.#rows("update approvals set is_told = 1, report = null where approval_id = ?", approvalId);
    this.requests.forget(approvalId);
  }

  report(approvalId: string): string | null {
    const [row] = this.#rows("select report from approvals where approval_id = ?", approvalId);
    return row === undefined || row.report === null ? null : String(row.report);
  }

  /** Moves on from one of those states; false where it is in none of them. */
  move(approvalId: string, from: readonly ApprovalState[], to: ApprovalStanding, now: number): boolean {
    return this.#storage.transactionSync(() => {
      const known = this.standing(approvalId);
      if (known === null || !from.includes(known.state)) return false;
      const isEnd = isOver(to);
      if (isEnd && to.state !== "applied") this.undos.forget(approvalId);
      if (to.state === "undone") this.undos.forget(approvalId);
      this.#rows(
        "update approvals set state = ?, words = ?, ended_at = ? where approval_id = ?",
        ...[to.state, to.words, isEnd || to.state === "undone" ? now : null, approvalId],
      );
      if (isEnd) this.#forget(approvalId);
      return true;
    });
  }

  #forget(approvalId: string): void {
    this.#rows("delete from contents where approval_id = ?", approvalId);
    this.#rows("delete from pieces where approval_id = ?", approvalId);
    this.#rows("delete from diffs where approval_id = ?", approvalId);
    this.#rows(
      "delete from approvals where ended_at is not null and approval_id not in (select approval_id from approvals where ended_at is not null order by ended_at desc limit ?)",
      keptMax,
    );
    this.requests.forgetContents(approvalId);
    this.undos.prune(codemodeLimits.undoableMax);
  }

  policy(): ProgramPolicy {
    const [row] = this.#rows("select value from policy where key = 'writes'");
    return { writes: row?.value === "always" ? "always" : "ask" };
  }

  setPolicy({ writes }: ProgramPolicy): void {
    this.#rows("insert or replace into policy (key, value) values ('writes', ?)", writes);
  }
}
