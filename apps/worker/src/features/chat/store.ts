import type { MessageId, ThreadId } from "@threadbox/contracts/ids";
import { openCodeOrigin } from "@threadbox/contracts/message-origin";
import type { ModelDescription } from "@threadbox/contracts/model";
import type { PendingApproval } from "@threadbox/contracts/program-approval";
import type { ThreadActivity } from "@threadbox/contracts/thread";
import type { TurnError } from "@threadbox/contracts/turn";
import type { UIMessage } from "ai";
import { Option, Schema } from "effect";
import { log } from "../../platform/log.ts";
import type { Debt, OutboxRows } from "../../platform/outbox.ts";
import { durableOutboxRows } from "../../platform/outbox-rows.ts";
import { type SqlRows, sqlRows } from "../../platform/sql-rows.ts";
import type { PendingNews } from "../codemode/index.ts";
import type { TranscriptPart } from "../opencode/index.ts";
import { MessagePlaces } from "./message-places.ts";
import { parentOf } from "./message-tree.ts";
import { PageBooks } from "./page-books.ts";
import { PendingApprovals } from "./pending-approvals.ts";
import { adoptedOf, projectAdopted, projectAnswer, projectUserMessage, type UserPart } from "./projection.ts";
import { SessionBooks } from "./session-books.ts";
import { ToldLog } from "./told-log.ts";
import { metadataOf, TurnRecord } from "./turn-record.ts";

const tables = [
  /** Every turn that is not done with, and the last one. Written by the turn queue, read on every wake. */
  "create table if not exists turns (seq integer primary key autoincrement, turn_id text unique not null, state text not null, user_message_id text not null, document text not null)",
  "create table if not exists facts (key text primary key, value text not null)",
];

const decodeTurn = Schema.decodeUnknownOption(Schema.fromJsonString(TurnRecord));

export interface Settlement {
  readonly state: "settled" | "failed" | "interrupted";
  readonly error?: TurnError;
  readonly parts: readonly TranscriptPart[];
  readonly tokens?: number;
}

/**
 * The thread's own books in its Durable Object: turns, the order of messages, and what Convex is owed. Every change
 * of a turn's state and the delivery that tells of it are one transaction.
 */
export class ChatStore {
  readonly #storage: DurableObjectStorage;
  readonly #rows: SqlRows;
  readonly #threadId: () => ThreadId;
  /** What Convex has not taken yet. */
  readonly outboxRows: OutboxRows;
  /** What was told of the running turn. */
  readonly told: ToldLog;
  readonly page: PageBooks;
  /** Which OpenCode session holds what. */
  readonly sessions: SessionBooks;
  readonly places: MessagePlaces;
  readonly #approvals: PendingApprovals;

  constructor(storage: DurableObjectStorage, threadId: () => ThreadId) {
    this.#storage = storage;
    this.#rows = sqlRows(storage.sql);
    this.#threadId = threadId;
    for (const table of tables) this.#rows(table);
    this.places = new MessagePlaces(storage.sql);
    this.outboxRows = durableOutboxRows(storage);
    this.told = new ToldLog(storage.sql);
    this.page = new PageBooks(storage.sql);
    this.sessions = new SessionBooks(storage.sql, this);
    this.#approvals = new PendingApprovals(this);
  }

  #turns(where: string, ...bindings: string[]): readonly TurnRecord[] {
    const rows = this.#rows(`select turn_id, document from turns where ${where} order by seq`, ...bindings);
    return rows.flatMap((row) => {
      const turn = Option.getOrNull(decodeTurn(row.document));
      if (turn !== null) return [turn];
      // A turn that cannot be read must not stand in the way of every one after it.
      log("chat.turn.unreadable", { threadId: this.#threadId(), turnId: String(row.turn_id) });
      this.#rows("delete from turns where turn_id = ?", String(row.turn_id));
      return [];
    });
  }

  running(): TurnRecord | null {
    return this.#turns("state = 'running'")[0] ?? null;
  }

  queued(): readonly TurnRecord[] {
    return this.#turns("state = 'queued'");
  }

  /** Turns that have ended but whose message the transcript may not hold yet. */
  unlanded(): readonly TurnRecord[] {
    return this.#turns("state in ('settled', 'failed', 'interrupted')").filter(({ answer }) => answer !== null);
  }

  last(): TurnRecord | null {
    return this.#turns("seq = (select max(seq) from turns where state <> 'queued')")[0] ?? null;
  }

  find(turnId: string): TurnRecord | null {
    return this.#turns("turn_id = ?", turnId)[0] ?? null;
  }

  enqueue(turn: TurnRecord): void {
    this.#rows(
      "insert into turns (turn_id, state, user_message_id, document) values (?, ?, ?, ?)",
      turn.turnId,
      turn.state,
      turn.userMessageId,
      JSON.stringify(turn),
    );
  }

  unqueue(messageId: string): TurnRecord | null {
    const turn = this.queued().find(({ userMessageId }) => userMessageId === messageId) ?? null;
    if (turn === null) return null;
    this.#rows("delete from turns where turn_id = ?", turn.turnId);
    if (!this.places.has(messageId)) this.page.dropAsk(messageId);
    return turn;
  }

  /** A queued turn comes before the one that it followed; false where it is the first, or not queued. */
  advance(messageId: MessageId): boolean {
    const rows = this.#rows("select seq, turn_id, user_message_id from turns where state = 'queued' order by seq");
    const at = rows.findIndex((row) => row.user_message_id === messageId);
    const [before, mine] = at < 1 ? [] : rows.slice(at - 1);
    if (before === undefined || mine === undefined) return false;
    this.#storage.transactionSync(() => {
      // A number that no turn has stands in while the two change places.
      const places = [
        [-1, mine],
        [Number(mine.seq), before],
        [Number(before.seq), mine],
      ] as const;
      for (const [seq, { turn_id }] of places)
        this.#rows("update turns set seq = ? where turn_id = ?", seq, String(turn_id));
    });
    return true;
  }

  write(turn: TurnRecord): TurnRecord {
    this.#rows(
      "update turns set state = ?, document = ? where turn_id = ?",
      turn.state,
      JSON.stringify(turn),
      turn.turnId,
    );
    return turn;
  }

  /** Leads the selected path through this message; false where it is not there. */
  select(messageId: MessageId): boolean {
    return this.#storage.transactionSync(() => {
      const isThere = this.places.select(messageId);
      if (isThere) this.#oweLeaf(this.places.leaf());
      return isThere;
    });
  }

  /** Ends the selected path with this message, or (null) before the first one; false where it is not there. */
  endAt(messageId: MessageId | null): boolean {
    return this.#storage.transactionSync(() => {
      const isThere = this.places.endAt(messageId);
      if (isThere)
        this.#owe({ path: "messages:select", args: { threadId: this.#threadId(), leafId: messageId ?? "" } });
      return isThere;
    });
  }

  #oweLeaf(leafId: MessageId | null): void {
    if (leafId !== null) this.#owe({ path: "messages:select", args: { threadId: this.#threadId(), leafId } });
  }

  /** The thread begins with these messages, of which each follows the one before and is settled. */
  adopt(messages: readonly UIMessage[], now: number): void {
    this.#storage.transactionSync(() => {
      let parentId: MessageId | null = null;
      for (const message of messages) {
        const { messageId, role } = adoptedOf(message);
        const position = this.places.place(messageId, role, parentId);
        this.#owe(projectAdopted(message, { threadId: this.#threadId(), parentId, position }, now));
        parentId = messageId;
      }
      this.#oweActivity(null, now);
    });
  }

  isEmpty(): boolean {
    return this.places.tree.parents.size === 0 && this.queued().length === 0;
  }

  /** The thread is the only subject of its own outbox. */
  #owe(debt: Debt): void {
    this.outboxRows.add("", debt);
  }

  /** Later than every report before, whatever the clock says: Convex orders activities by it. */
  #activitySince(now: number): number {
    const [row] = this.#rows("select value from facts where key = 'activity_since'");
    const since = Math.max(now, Number(row?.value ?? 0) + 1);
    this.setFact("activity_since", String(since));
    return since;
  }

  /** While a program waits for a person, so does the thread, whatever its turn is at. */
  #oweActivity(turn: TurnRecord | null, now: number, activity: ThreadActivity = turn?.state ?? "idle"): void {
    const since = this.#activitySince(now);
    const shown = this.pendingApprovals().length > 0 ? "waiting" : activity;
    const about = turn === null ? {} : { turnId: turn.turnId };
    const label = turn?.model == null ? {} : { modelLabel: turn.model.label };
    const args = { threadId: this.#threadId(), activity: shown, since, ...about, ...label } as const;
    this.#owe({ path: "threads:setActivity", args });
  }

  pendingApprovals(): readonly PendingApproval[] {
    return this.#approvals.pending();
  }

  /** False: the thread knows that, or what came after it. */
  hearApprovals(news: PendingNews, now: number): boolean {
    return this.#storage.transactionSync(() => {
      const heard = this.#approvals.hear(news);
      if (heard === null) return false;
      const turn = this.running() ?? this.last() ?? this.queued()[0] ?? null;
      if (heard.isTurned) this.#oweActivity(turn, now, turn?.loginSince === undefined ? turn?.state : "waiting");
      return true;
    });
  }

  /**
   * The turn's message takes its place in the transcript, and so does the answer that is to be written: after the
   * message that is asked again, beside the one that is edited, at the end of the selected path otherwise.
   */
  start(queued: TurnRecord, model: ModelDescription, now: number): TurnRecord {
    return this.#storage.transactionSync(() => {
      this.#forgetEnded();
      const turn = this.write({ ...queued, state: "running", startedAt: now, model });
      const { userMessageId, answerId, createdAt } = turn;
      const isKnown = this.places.has(userMessageId);
      const parentId = this.#parentFor(turn);
      const position = this.places.place(userMessageId, "user", parentId);
      const placed = { threadId: this.#threadId(), messageId: userMessageId, parentId, position, createdAt };
      if (isKnown) this.#oweLeaf(userMessageId);
      else this.#owe(projectUserMessage(placed, this.userParts(turn)));
      this.places.place(answerId, "assistant", userMessageId);
      this.#oweActivity(turn, now);
      return turn;
    });
  }

  #parentFor({ siblingOf = null, askedIn }: TurnRecord): MessageId | null {
    if (askedIn !== undefined) return this.sessions.endOf(askedIn);
    return siblingOf === null ? this.places.leaf() : parentOf(this.places.tree, siblingOf);
  }

  /** The message that a turn answers. */
  userParts(turn: Pick<TurnRecord, "userMessageId" | "text" | "attachments">): readonly UserPart[] {
    const { userMessageId, text, attachments = [] } = turn;
    const written = { type: "text", text } as const;
    return [written, ...attachments, ...(this.page.hasAsk(userMessageId) ? [openCodeOrigin] : [])];
  }

  #forgetEnded(): void {
    for (const turn of this.#turns("state in ('settled', 'failed', 'interrupted')")) {
      if (turn.answer === null) this.#rows("delete from turns where turn_id = ?", turn.turnId);
    }
  }

  /** The running turn waits for the thread's login from now on. */
  awaitLogin(turnId: string, now: number): void {
    this.#storage.transactionSync(() => {
      const turn = this.find(turnId);
      if (turn?.state !== "running" || turn.loginSince !== undefined) return;
      this.write({ ...turn, loginSince: now, loginWaits: (turn.loginWaits ?? 0) + 1 });
      this.#oweActivity(turn, now, "waiting");
    });
  }

  /** The turn goes on, answered by this model; the sandbox in which it began may have gone meanwhile. */
  goOn({ loginSince: _, ...turn }: TurnRecord, model: ModelDescription, now: number): TurnRecord {
    return this.#storage.transactionSync(() => {
      const next = this.write({ ...turn, model, generation: null });
      this.#oweActivity(next, now);
      return next;
    });
  }

  /** The turn ends, once: a turn that has ended already is left as it is. */
  settle(turnId: string, settlement: Settlement, now: number): TurnRecord | null {
    return this.#storage.transactionSync(() => {
      const running = this.find(turnId);
      if (running?.state !== "running") return running;
      const turn = this.write({
        ...running,
        state: settlement.state,
        endedAt: now,
        error: settlement.error ?? null,
        answer: JSON.stringify(settlement.parts),
        ...(settlement.tokens === undefined ? {} : { tokens: settlement.tokens }),
      });
      this.told.forget(turnId);
      const { answerId: messageId, userMessageId: parentId } = turn;
      const position = this.places.place(messageId, "assistant", parentId);
      if (turn.mayBePrompted) {
        this.sessions.write(position, turn);
      }
      const placed = { threadId: this.#threadId(), messageId, parentId, position, createdAt: now };
      this.#owe(projectAnswer(placed, settlement.parts, metadataOf(turn)));
      this.#oweActivity(turn, now);
      return turn;
    });
  }

  fact(key: string): string | null {
    const [row] = this.#rows("select value from facts where key = ?", key);
    return row === undefined ? null : String(row.value);
  }

  setFact(key: string, value: string): void {
    this.#rows(
      "insert into facts (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
      key,
      value,
    );
  }
}
