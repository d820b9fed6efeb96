import type { MessageId, ThreadId } from "@threadbox/contracts/ids";
import type { ModelDescription } from "@threadbox/contracts/model";
import type { TurnError } from "@threadbox/contracts/turn";
import { Option, Schema } from "effect";
import { log } from "../../platform/log.ts";
import type { OutboxRows } from "../../platform/outbox.ts";
import { durableOutboxRows } from "../../platform/outbox-rows.ts";
import type { TranscriptPart } from "../opencode/index.ts";
import { type Delivery, projectAnswer, projectUserMessage } from "./projection.ts";
import { metadataOf, TurnRecord } from "./turn-record.ts";

const tables = [
  /** Every turn that is not done with, and the last one. Written by the turn queue, read on every wake. */
  "create table if not exists turns (seq integer primary key autoincrement, turn_id text unique not null, state text not null, user_message_id text not null, document text not null)",
  /** Order of the transcript: which message stands where, and what OpenCode calls it. */
  "create table if not exists places (position integer primary key, message_id text unique not null, role text not null, prompt_id text)",
  "create table if not exists facts (key text primary key, value text not null)",
];

const decodeTurn = Schema.decodeUnknownOption(Schema.fromJsonString(TurnRecord));

export interface Settlement {
  readonly state: "settled" | "failed" | "interrupted";
  readonly error?: TurnError;
  readonly parts: readonly TranscriptPart[];
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

  constructor(storage: DurableObjectStorage, threadId: () => ThreadId) {
    this.#storage = storage;
    this.#threadId = threadId;
    for (const table of tables) storage.sql.exec(table);
    this.outboxRows = durableOutboxRows(storage);
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
    if (turn !== null) this.#rows("delete from turns where turn_id = ?", turn.turnId);
    return turn;
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

  positionOf(messageId: string): number | null {
    const row = this.#rows("select position from places where message_id = ?", messageId)[0];
    return row === undefined ? null : Number(row.position);
  }

  #place(messageId: MessageId, role: "user" | "assistant", promptId: string | null): number {
    const known = this.positionOf(messageId);
    if (known !== null) {
      this.#rows("update places set prompt_id = ? where position = ?", promptId, known);
      return known;
    }
    const [row] = this.#rows("select coalesce(max(position) + 1, 0) as next from places");
    const position = Number(row?.next ?? 0);
    this.#rows(
      "insert into places (position, message_id, role, prompt_id) values (?, ?, ?, ?)",
      position,
      messageId,
      role,
      promptId,
    );
    return position;
  }

  /** The thread is the only subject of its own outbox. */
  #owe({ path, args }: Delivery): void {
    this.outboxRows.add("", { path, args: { ...args } });
  }

  /** Later than every report before, whatever the clock says: Convex orders activities by it. */
  #activitySince(now: number): number {
    const [row] = this.#rows("select value from facts where key = 'activity_since'");
    const since = Math.max(now, Number(row?.value ?? 0) + 1);
    this.setFact("activity_since", String(since));
    return since;
  }

  #oweActivity(turn: TurnRecord, now: number): void {
    const since = this.#activitySince(now);
    const label = turn.model === null ? {} : { modelLabel: turn.model.label };
    const args = { threadId: this.#threadId(), activity: turn.state, since, turnId: turn.turnId, ...label };
    this.#owe({ path: "threads:setActivity", args });
  }

  /** The turn's message takes its place in the transcript, and what it replaces goes. */
  start(queued: TurnRecord, model: ModelDescription, now: number): TurnRecord {
    return this.#storage.transactionSync(() => {
      this.#forgetEnded();
      const revertTo = this.#replace(queued);
      const turn = this.write({ ...queued, state: "running", startedAt: now, model, revertTo });
      const position = this.#place(turn.userMessageId, "user", turn.promptId);
      const placed = { threadId: this.#threadId(), messageId: turn.userMessageId, position, createdAt: turn.createdAt };
      this.#owe(projectUserMessage(placed, turn.text));
      this.#oweActivity(turn, now);
      return turn;
    });
  }

  #forgetEnded(): void {
    for (const turn of this.#turns("state in ('settled', 'failed', 'interrupted')")) {
      if (turn.answer === null) this.#rows("delete from turns where turn_id = ?", turn.turnId);
    }
  }

  /**
   * Takes away what the turn replaces, from its first message on; a message that is answered anew stays itself.
   * Answers with the first prompt among them as OpenCode knows it.
   */
  #replace({ replaces, userMessageId }: TurnRecord): string | null {
    const from = replaces === null ? null : this.positionOf(replaces);
    if (from === null) return null;
    const [first] = this.#rows(
      "select prompt_id from places where position >= ? and prompt_id is not null order by position limit 1",
      from,
    );
    const fromPosition = replaces === userMessageId ? from + 1 : from;
    this.#rows("delete from places where position >= ?", fromPosition);
    this.#owe({ path: "messages:truncate", args: { threadId: this.#threadId(), fromPosition } });
    return first === undefined ? null : String(first.prompt_id);
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
      });
      const position = this.#place(turn.answerId, "assistant", null);
      const placed = { threadId: this.#threadId(), messageId: turn.answerId, position, createdAt: now };
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
