import { MessageId, TurnId } from "@threadbox/contracts/ids";
import type { ThreadLive } from "@threadbox/contracts/live";
import { Schema } from "effect";
import { describe, expect, test } from "vitest";
import type { OutgoingMessage } from "../../outbox/index.ts";
import { type ChatMessage, confirmedIds, readingOrder, reconcile, sendStateOf } from "./message-view.ts";

const messageId = Schema.decodeSync(MessageId);
const user = (id: string, metadata?: ChatMessage["metadata"]): ChatMessage => ({
  id,
  role: "user",
  parts: [{ type: "text", text: id }],
  ...(metadata === undefined ? {} : { metadata }),
});
const answer = (id: string, text = id): ChatMessage => ({ id, role: "assistant", parts: [{ type: "text", text }] });
const outgoing = (id: string, state: OutgoingMessage["state"] = "sending"): OutgoingMessage => ({
  id,
  text: id,
  createdAt: 1,
  state,
});
const idle: ThreadLive = { activity: "idle", turn: null, queued: [] };
const queued = (...ids: string[]): ThreadLive => ({
  ...idle,
  queued: ids.map((id) => ({ messageId: messageId(id), text: id, since: 1 })),
});
const order = (...args: Parameters<typeof readingOrder>) => readingOrder(...args).map(({ id }) => id);

describe("the transcript's order", () => {
  test("an answer in the making stays above what was sent meanwhile", () => {
    expect(order([user("u1"), user("u2"), answer("a1")], queued("u2"), [])).toEqual(["u1", "a1", "u2"]);
  });

  test("what the server does not know yet stands last, once", () => {
    const outbox = [outgoing("u2"), outgoing("u3", "waiting")];
    expect(order([user("u1"), user("u2"), answer("a1")], idle, outbox)).toEqual(["u1", "a1", "u2", "u3"]);
  });

  test("what a model took back when it began again is not read", () => {
    const restarted = (id: string, parts: number) => ({ type: "data-restarted" as const, id, data: { parts } });
    const text = (words: string) => ({ type: "text" as const, text: words });
    const parts = [text("Half"), restarted("1", 1), text("Half of"), restarted("2", 1), text("Whole.")];
    const [read] = readingOrder([{ ...answer("a1"), parts }], idle, []);
    expect(read?.parts).toEqual([text("Whole.")]);
  });

  test("settled messages are never reordered", () => {
    const messages = [user("u1"), answer("a1"), user("u2"), answer("a2")];
    expect(order(messages, idle, [])).toEqual(["u1", "a1", "u2", "a2"]);
  });
});

describe("how a message stands", () => {
  test("queued by its metadata or by the thread's state, sending, failed, sent", () => {
    const metadata = { turnId: Schema.decodeSync(TurnId)("t"), state: "queued" as const };
    expect(sendStateOf(user("u", metadata), idle, [])).toEqual({ state: "queued" });
    expect(sendStateOf(user("u"), queued("u"), [outgoing("u")])).toEqual({ state: "queued" });
    expect(sendStateOf(user("u"), idle, [outgoing("u")])).toEqual({ state: "sending" });
    expect(sendStateOf(user("u"), idle, [])).toEqual({ state: "sent" });
    const failure = { tag: "RateLimited" as const, message: "Slow down." };
    expect(sendStateOf(user("u"), idle, [{ ...outgoing("u", "failed"), failure }])).toEqual({
      state: "failed",
      failure,
    });
  });

  test("an answer, a place in the queue or a running turn confirm a message; being shown does not", () => {
    const turn = { turnId: Schema.decodeSync(TurnId)("t"), userMessageId: messageId("u3"), messageId: messageId("a3") };
    const live: ThreadLive = { ...queued("u2"), turn: { ...turn, startedAt: 1, step: "model" } };
    const outbox = ["u1", "u2", "u3", "u4"].map((id) => outgoing(id));
    const messages = [user("u1"), answer("a1"), user("u3"), user("u4")];
    expect([...confirmedIds(outbox, messages, live)]).toEqual(["u1", "u2", "u3"]);
  });
});

describe("the transcript after a lost connection", () => {
  test("is the server's, but for the answer that is written here and what only this device has", () => {
    const local = [user("u1"), answer("a1", "old"), user("u2"), answer("a2", "further"), user("mine")];
    const server = [user("u1"), answer("a1", "whole"), user("u2"), answer("a2", "fur")];
    const merged = reconcile(local, server, new Set(["a2", "mine"]));
    expect(merged.map(({ id }) => id)).toEqual(["u1", "a1", "u2", "a2", "mine"]);
    expect(merged[1]).toEqual(answer("a1", "whole"));
    expect(merged[3]).toEqual(answer("a2", "further"));
  });

  test("what the server no longer has is gone", () => {
    expect(reconcile([user("u1"), answer("a1")], [user("u1")], new Set())).toEqual([user("u1")]);
  });
});
