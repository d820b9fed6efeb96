import { MessageId } from "@threadbox/contracts/ids";
import { Option, Schema } from "effect";
import { type SqlRows, sqlRows } from "../../platform/sql-rows.ts";
import { leafOf, lineOf, type MessageTree, parentOf } from "./message-tree.ts";
import type { PageBooks } from "./page-books.ts";
import type { Facts } from "./pending-approvals.ts";
import type { TurnRecord } from "./turn-record.ts";

const isIn = ({ sessionId, askedIn }: TurnRecord, id: string): boolean => sessionId === id || askedIn === id;

const sessionFact = "session_after";
const decodeNoted = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ sessionId: Schema.String, after: Schema.String })),
);
const nothingNoted = { sessionId: "", after: "" };

/** A session, and the first prompt in it that does not belong to what is asked for: null where it ends there. */
export interface HeldIn {
  readonly sessionId: string;
  readonly nextPromptId: string | null;
}

/** The thread's other books, as far as sessions are read from them. */
interface ThreadBooks extends Facts {
  readonly page: PageBooks;
  readonly places: { readonly tree: MessageTree };
  running(): TurnRecord | null;
  queued(): readonly TurnRecord[];
}

/** Which OpenCode session holds which part of the thread. */
export class SessionBooks {
  readonly #rows: SqlRows;
  readonly #thread: ThreadBooks;

  constructor(sql: SqlStorage, thread: ThreadBooks) {
    this.#rows = sqlRows(sql);
    this.#thread = thread;
  }

  /** The answer at this position was written in the turn's session. */
  write(position: number, { sessionId, promptId }: TurnRecord): void {
    // It does not end any more where it did.
    if (this.#thread.fact(sessionFact)?.includes(JSON.stringify(sessionId))) this.#thread.setFact(sessionFact, "");
    this.#rows("update places set session_id = ?, prompt_id = ? where position = ?", sessionId, promptId, position);
  }

  /** A session has been begun that ends after this message, and that its next turn goes on in. */
  note(sessionId: string, after: MessageId): void {
    this.#thread.page.noteFork(sessionId, after);
    this.#thread.setFact(sessionFact, JSON.stringify({ sessionId, after }));
  }

  #noted(messageId: MessageId | null): string | null {
    const known = decodeNoted(this.#thread.fact(sessionFact) ?? "");
    const { sessionId, after } = Option.getOrElse(known, () => nothingNoted);
    return messageId !== null && messageId === after ? sessionId : null;
  }

  /** The same as `holding` for what came before this message. */
  before(messageId: MessageId): HeldIn | null {
    const parent = parentOf(this.#thread.places.tree, messageId);
    const noted = this.#noted(parent);
    return noted === null ? this.holding(parent) : { sessionId: noted, nextPromptId: null };
  }

  /** The session that holds the conversation up to this message; null where none ever held it. */
  holding(upTo: MessageId | null): HeldIn | null {
    for (const id of lineOf(this.#thread.places.tree, upTo)) {
      const [held] = this.#rows(
        "select position, session_id from places where message_id = ? and session_id is not null",
        id,
      );
      if (held === undefined) continue;
      const sessionId = String(held.session_id);
      const [next] = this.#rows(
        "select prompt_id from places where session_id = ? and position > ? order by position limit 1",
        sessionId,
        Number(held.position),
      );
      return { sessionId, nextPromptId: next === undefined ? null : String(next.prompt_id) };
    }
    return null;
  }

  /** The session of the turn that runs, or else of the selected path's end; null where none ever held it. */
  shown(): string | null {
    const running = this.#thread.running()?.sessionId ?? null;
    if (running !== null) return running;
    const leaf = leafOf(this.#thread.places.tree);
    return this.#noted(leaf) ?? this.holding(leaf)?.sessionId ?? null;
  }

  /** Whether this is a session of the thread's: it was written in, or is to be. */
  has(sessionId: string): boolean {
    if (this.#thread.page.forkOf(sessionId) !== undefined) return true;
    const running = this.#thread.running();
    const under = running === null ? this.#thread.queued() : [running, ...this.#thread.queued()];
    if (under.some((turn) => isIn(turn, sessionId))) return true;
    return this.#rows("select 1 from places where session_id = ? limit 1", sessionId).length > 0;
  }

  /** The message after which a session goes on: the end of the selected path, where that was written in it. */
  endOf(sessionId: string): MessageId | null {
    const held = "select message_id from places where session_id = ? order by position desc limit 1";
    const [newest] = this.#rows(held, sessionId);
    if (newest === undefined) return this.#thread.page.forkOf(sessionId) ?? null;
    const tree = this.#thread.places.tree;
    const leaf = leafOf(tree);
    const isHeld = (id: MessageId) =>
      this.#rows("select 1 from places where message_id = ? and session_id is not null", id).length > 0;
    return lineOf(tree, leaf).find(isHeld) === newest.message_id ? leaf : MessageId.make(String(newest.message_id));
  }

  /** What this prompt of a session's follows in the thread; null where the thread does not know the prompt. */
  beforePrompt(sessionId: string, promptId: string): MessageId | null {
    const [answer] = this.#rows(
      "select message_id from places where session_id = ? and prompt_id = ?",
      sessionId,
      promptId,
    );
    if (answer === undefined) return null;
    const asked = parentOf(this.#thread.places.tree, MessageId.make(String(answer.message_id)));
    return asked === null ? null : parentOf(this.#thread.places.tree, asked);
  }
}
