import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import {
  type ApprovalId,
  type PendingApproval,
  ProgramQuestion,
  type QuestionState,
  QuestionState as QuestionStateSchema,
} from "@threadbox/contracts/program-approval";
import { Schema } from "effect";
import { type SqlRow, type SqlRows, sqlRows } from "../../platform/sql-rows.ts";

export interface NewQuestion {
  readonly approvalId: ApprovalId;
  readonly program: string;
  readonly programHash: string;
  /** Which of the program's questions it is. */
  readonly position: number;
  readonly question: string;
  /** Empty: the answer is any text. */
  readonly choices: readonly string[];
}

export interface QuestionStanding {
  readonly state: QuestionState;
  readonly answer: string | null;
}

const table =
  "create table if not exists questions (question_id text primary key, hash text not null, position integer not null, program text not null, question text not null, choices text not null, state text not null, answer text, since integer not null, until integer not null, ended_at integer)";

const isState = Schema.is(QuestionStateSchema);
const decodeView = Schema.decodeUnknownSync(ProgramQuestion);

/** What programs of one thread ask a person while they run, in the SQLite of its Durable Object. */
export class QuestionBook {
  readonly #rows: SqlRows;

  constructor({ sql }: Pick<DurableObjectStorage, "sql">) {
    this.#rows = sqlRows(sql);
    this.#rows(table);
  }

  /**
   * The same question of the same program, run again after whoever ran it was lost, where it waits or its answer is fresh;
   * null: it is to be asked.
   */
  asked({ programHash, position, question, choices }: NewQuestion, now: number): ApprovalId | null {
    this.#rows("delete from questions where ended_at < ?", now - codemodeLimits.approvalMs);
    const [row] = this.#rows(
      "select question_id from questions where hash = ? and position = ? and question = ? and choices = ? and state in ('pending', 'answered', 'declined') limit 1",
      ...[programHash, position, question, JSON.stringify(choices)],
    );
    return row === undefined ? null : (String(row.question_id) as ApprovalId);
  }

  add(
    { approvalId, program, programHash, position, question, choices }: NewQuestion,
    since: number,
    until: number,
  ): void {
    this.#rows(
      "insert into questions values (?, ?, ?, ?, ?, ?, 'pending', null, ?, ?, null)",
      ...[approvalId, programHash, position, program, question, JSON.stringify(choices), since, until],
    );
  }

  #row(approvalId: string): SqlRow | undefined {
    return this.#rows("select * from questions where question_id = ?", approvalId)[0];
  }

  standing(approvalId: string): QuestionStanding | null {
    const row = this.#row(approvalId);
    if (row === undefined || !isState(row.state)) return null;
    return { state: row.state, answer: row.answer === null ? null : String(row.answer) };
  }

  view(approvalId: string): ProgramQuestion | null {
    const row = this.#row(approvalId);
    if (row === undefined) return null;
    const { since, until, state, question, choices } = row;
    return decodeView({
      approvalId,
      kind: "question",
      since,
      until,
      state,
      question,
      choices: JSON.parse(String(choices)),
    });
  }

  /** Oldest first. */
  pending(): readonly PendingApproval[] {
    return this.#rows("select * from questions where state = 'pending' order by since").map(
      ({ question_id, since, until }) => ({
        approvalId: String(question_id) as ApprovalId,
        since: Number(since),
        until: Number(until),
        kind: "question",
      }),
    );
  }

  /** Ends one that waits; false where it does not. */
  close(approvalId: string, { state, answer }: QuestionStanding, now: number): boolean {
    if (this.standing(approvalId)?.state !== "pending") return false;
    this.#rows(
      "update questions set state = ?, answer = ?, ended_at = ? where question_id = ?",
      ...[state, answer, now, approvalId],
    );
    return true;
  }

  /** The text of a program that was lost while it asked, or before it had used what it was answered. */
  programOf(programHash: string): string | null {
    const [row] = this.#rows("select program from questions where hash = ? limit 1", programHash);
    return row === undefined ? null : String(row.program);
  }

  /** The program has come to its end: the next one of the same text asks anew. */
  forget(programHash: string): void {
    this.#rows("delete from questions where hash = ? and state <> 'pending'", programHash);
  }
}
