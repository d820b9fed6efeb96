import type { SentRequest } from "@threadbox/contracts/codemode";
import type { ProgramRequest } from "@threadbox/contracts/program-approval";
import { type SqlRow, type SqlRows, sqlRows } from "../../platform/sql-rows.ts";
import type { HeldRequest } from "./held-requests.ts";
import type { RequestState, RequestToSend } from "./send-requests.ts";

const table =
  "create table if not exists requests (approval_id text not null, position integer not null, method text not null, url text not null, headers text not null, body text, shown text not null, state text not null, answer text, primary key (approval_id, position))";

const states: readonly unknown[] = ["held", "sending", "sent", "failed"] satisfies RequestState[];
const isState = (value: unknown): value is RequestState => states.includes(value);
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** What programs of one thread want to send, and what became of it, in the SQLite of its Durable Object. */
export class RequestBook {
  readonly #rows: SqlRows;

  constructor({ sql }: Pick<DurableObjectStorage, "sql">) {
    this.#rows = sqlRows(sql);
    this.#rows(table);
  }

  #of(approvalId: string): SqlRow[] {
    return this.#rows("select * from requests where approval_id = ? order by position", approvalId);
  }

  add(approvalId: string, requests: readonly HeldRequest[]): void {
    for (const [position, { method, url, headers, body, shown }] of requests.entries()) {
      const { body: _, ...rest } = shown;
      this.#rows(
        "insert into requests values (?, ?, ?, ?, ?, ?, ?, 'held', null)",
        ...[approvalId, position, method, url, JSON.stringify(headers), body, JSON.stringify(rest)],
      );
    }
  }

  shown(approvalId: string): readonly ProgramRequest[] {
    return this.#of(approvalId).map(({ shown, body }) => ({
      ...(JSON.parse(String(shown)) as Omit<ProgramRequest, "body">),
      body: textOrNull(body),
    }));
  }

  toSend(approvalId: string): readonly RequestToSend[] {
    return this.#of(approvalId).map(({ position, method, url, headers, body, state }) => ({
      method: String(method),
      url: String(url),
      headers: JSON.parse(String(headers)) as RequestToSend["headers"],
      body: textOrNull(body),
      state: isState(state) ? state : "failed",
      keep: (next, answer) =>
        void this.#rows(
          "update requests set state = ?, answer = ? where approval_id = ? and position = ?",
          ...[next, answer === null ? null : JSON.stringify(answer), approvalId, Number(position)],
        ),
    }));
  }

  /** What became of those that were sent, or whose sending failed. */
  sent(approvalId: string): readonly SentRequest[] {
    return this.#of(approvalId).flatMap(({ answer }) =>
      typeof answer === "string" ? [JSON.parse(answer) as SentRequest] : [],
    );
  }

  forget(approvalId: string): void {
    this.#rows("delete from requests where approval_id = ?", approvalId);
  }

  /** What was to be sent is not needed once it is known what became of it. */
  forgetContents(approvalId: string): void {
    this.#rows("update requests set headers = '[]', body = null where approval_id = ?", approvalId);
    this.#rows("delete from requests where approval_id not in (select approval_id from approvals)");
  }
}
