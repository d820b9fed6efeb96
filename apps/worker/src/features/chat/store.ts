import { MessageId, type ThreadId } from "@threadbox/contracts/ids";
import type { Fork } from "@threadbox/contracts/live";
import { openCodeOrigin } from "@threadbox/contracts/message-origin";
import type { ModelDescription } from "@threadbox/contracts/model";
import type { PendingApproval } from "@threadbox/contracts/program-approval";
import type { ThreadActivity } from "@threadbox/contracts/thread";
import type { TurnError } from "@threadbox/contracts/turn";
import { Option, Schema } from "effect";
import { log } from "../../platform/log.ts";
import type { Debt, OutboxRows } from "../../platform/outbox.ts";
import { durableOutboxRows } from "../../platform/outbox-rows.ts";
import type { PendingNews } from "../codemode/index.ts";
import type { TranscriptPart } from "../opencode/index.ts";
import {
  leafOf,
  lineOf,
  type MessageTree,
  parentOf,
  pathOf,
  siblingsOf,
  treeOf,
  withChoice,
  withEnd,
  withMessage,
} from "./message-tree.ts";
import { PageBooks } from "./page-books.ts";
import { PendingApprovals } from "./pending-approvals.ts";
import { migratePlaces, placesTable } from "./places.ts";
import { projectAnswer, projectUserMessage, type UserPart } from "./projection.ts";
import { SessionBooks } from "./session-books.ts";
import { ToldLog } from "./told-log.ts";
import { metadataOf, TurnRecord } from "./turn-record.ts";

const tables = [
  /** Every turn that is not done with, and the last one. Written by the turn queue, read on every wake. */
  "create table if not exists turns (seq integer primary key autoincrement, turn_id text unique not null, state text not null, user_message_id text not null, document text not null)",
  placesTable,
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
  readonly #threadId: () => ThreadId;
  /** What Convex has not taken yet. */
  readonly outboxRows: OutboxRows;
  /** What was told of the running turn. */
  readonly told: ToldLog;
  readonly page: PageBooks;
  /** Which OpenCode session holds what. */
  readonly sessions: SessionBooks;
  readonly #approvals: PendingApprovals;
  #tree: MessageTree;

  constructor(storage: DurableObjectStorage, threadId: () => ThreadId) {
    this.#storage = storage;
    this.#threadId = threadId;
    for (const table of tables) storage.sql.exec(table);
    this.outboxRows = durableOutboxRows(storage);
    this.told = new ToldLog(storage.sql);
    this.page = new PageBooks(storage.sql);
    this.sessions = new SessionBooks(storage.sql, this);
    this.#approvals = new PendingApprovals(this);
    migratePlaces(storage.sql);
    this.#tree = this.#readTree();
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Record<string, SqlStorageValue>[] {
    return this.#storage.sql.exec(query, ...bindings).toArray();
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
    if (!this.has(messageId)) this.page.dropAsk(messageId);
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

  has(messageId: string): boolean {
    return this.#rows("select 1 from places where message_id = ?", messageId).length > 0;
  }

  #readTree(): MessageTree {
    const rows = this.#rows("select message_id, parent_id, is_chosen from places order by position");
    const idOf = (value: unknown) => MessageId.make(String(value));
    return treeOf(
      rows.map(({ message_id, parent_id, is_chosen }) => ({
        id: idOf(message_id),
        parent: parent_id === null ? null : idOf(parent_id),
        isChosen: is_chosen === 1,
      })),
    );
  }

  tree(): MessageTree {
    return this.#tree;
  }

  #positionOf(messageId: string): number {
    return Number(this.#rows("select position from places where message_id = ?", messageId)[0]?.position ?? 0);
  }

  /** The message's position: how many were made before it. One that is new is the newest after `parent`. */
  #place(messageId: MessageId, role: "user" | "assistant", parent: MessageId | null): number {
    const before = this.#tree;
    if (!this.has(messageId)) {
      this.#rows(
        "insert into places (position, message_id, role, parent_id) values ((select coalesce(max(position) + 1, 0) from places), ?, ?, ?)",
        messageId,
        role,
        parent,
      );
      this.#tree = withMessage(this.#tree, messageId, parent);
    }
    this.#choose(messageId, before);
    return this.#positionOf(messageId);
  }

  #choose(messageId: MessageId, before: MessageTree): void {
    this.#tree = withChoice(this.#tree, messageId);
    for (const chosen of lineOf(this.#tree, messageId)) {
      const parent = parentOf(this.#tree, chosen);
      const former = before.chosen.get(parent);
      if (former === chosen) continue;
      const both = [chosen, former ?? chosen];
      this.#rows("update places set is_chosen = (message_id = ?) where message_id in (?, ?)", chosen, ...both);
    }
  }

  /** Leads the selected path through this message; false where it is not there. */
  select(messageId: MessageId): boolean {
    return this.#storage.transactionSync(() => {
      if (siblingsOf(this.#tree, messageId).length === 0) return false;
      this.#choose(messageId, this.#tree);
      this.#oweLeaf(leafOf(this.#tree));
      return true;
    });
  }

  /** Ends the selected path with this message, or (null) before the first one; false where it is not there. */
  endAt(messageId: MessageId | null): boolean {
    return this.#storage.transactionSync(() => {
      if (messageId !== null && siblingsOf(this.#tree, messageId).length === 0) return false;
      if (messageId !== null) this.#choose(messageId, this.#tree);
      this.#rows("update places set is_chosen = 0 where parent_id is ?", messageId);
      this.#tree = withEnd(this.#tree, messageId);
      this.#owe({ path: "messages:select", args: { threadId: this.#threadId(), leafId: messageId ?? "" } });
      return true;
    });
  }

  /** The end of the selected path; null where it is empty. */
  leaf(): MessageId | null {
    return leafOf(this.#tree);
  }

  #oweLeaf(leafId: MessageId | null): void {
    if (leafId !== null) this.#owe({ path: "messages:select", args: { threadId: this.#threadId(), leafId } });
  }

  isEmpty(): boolean {
    return this.#tree.parents.size === 0 && this.queued().length === 0;
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
      const isKnown = this.has(userMessageId);
      const parentId = this.#parentFor(turn);
      const position = this.#place(userMessageId, "user", parentId);
      const placed = { threadId: this.#threadId(), messageId: userMessageId, parentId, position, createdAt };
      if (isKnown) this.#oweLeaf(userMessageId);
      else this.#owe(projectUserMessage(placed, this.userParts(turn)));
      this.#place(answerId, "assistant", userMessageId);
      this.#oweActivity(turn, now);
      return turn;
    });
  }

  #parentFor({ siblingOf = null, askedIn }: TurnRecord): MessageId | null {
    if (askedIn !== undefined) return this.sessions.endOf(askedIn);
    return siblingOf === null ? leafOf(this.#tree) : parentOf(this.#tree, siblingOf);
  }

  /** The message that a turn answers. */
  userParts({ userMessageId, text }: Pick<TurnRecord, "userMessageId" | "text">): readonly UserPart[] {
    const written = { type: "text", text } as const;
    return this.page.hasAsk(userMessageId) ? [written, openCodeOrigin] : [written];
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
      const position = this.#place(messageId, "assistant", parentId);
      if (turn.mayBePrompted) {
        this.sessions.write(position, turn);
      }
      const placed = { threadId: this.#threadId(), messageId, parentId, position, createdAt: now };
      this.#owe(projectAnswer(placed, settlement.parts, metadataOf(turn)));
      this.#oweActivity(turn, now);
      return turn;
    });
  }

  /** The messages of the selected path that have siblings, with these in the order of their making. */
  forks(): readonly Fork[] {
    return pathOf(this.#tree).flatMap((messageId) => {
      const siblings = siblingsOf(this.#tree, messageId);
      return siblings.length > 1 ? [{ messageId, siblings }] : [];
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
