import { closeCode } from "@threadbox/contracts/errors";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { connectionsMax } from "./allowance.ts";
import { ChatClient, userMessage } from "./chat-client.testing.ts";
import { loadWorker } from "./thread.testing.ts";

beforeAll(loadWorker);
const wait = /^Too many requests\. Try again in \d+ seconds?\.$/;

/** More frames at once than a connection may send before it is closed; none of them does anything. */
const flood = (client: ChatClient) => {
  for (let n = 0; n < 150; n++) client.raw({ type: "threadbox_unqueue", messageId: "nothing" });
};
/** The thread answers what this client asks. */
const answered = async (client: ChatClient) => {
  const heard = () => client.frames.filter(({ type }) => type === "cf_agent_chat_messages").length;
  const before = heard();
  client.raw({ type: "cf_agent_chat_messages", messages: [] });
  await client.until(() => heard() > before);
};
/**
 * A client whose message is refused, and which stays connected. Sixty frames pass, as many more as there are tenths of a second
 * while they are read, and the twentieth refusal is the last: how many that are is tried out, for this machine at this moment.
 */
const refusedMessage = async () => {
  for (let frames = 78; ; frames += 10) {
    const threadId = newThreadId();
    const client = await ChatClient.open(threadId);
    for (let n = 0; n < frames; n++) client.raw({ type: "threadbox_unqueue", messageId: "nothing" });
    const refused = client.say("text", "m1");
    const isOver = () => client.responses(refused).some(({ done }) => done === true);
    await client.until(() => client.closed !== null || isOver());
    if (client.responses(refused).some(({ error }) => error === true)) return { threadId, client, refused };
    if (client.closed !== null) frames = 68;
  }
};
const refusals = (client: ChatClient) => client.frames.filter(({ type }) => type === "threadbox_refused");

describe("A46: a client that sends without end", () => {
  test("is refused some frames, then closed with the time to wait; audited once, and nobody else notices", async () => {
    const [threadId, otherThread] = [newThreadId(), newThreadId()];
    const [client, neighbour, other] = await Promise.all([
      ChatClient.open(threadId),
      ChatClient.open(threadId),
      ChatClient.open(otherThread),
    ]);
    flood(client);
    await client.until(() => client.closed !== null);
    expect(client.closed).toEqual({ code: closeCode.rateLimited, reason: expect.stringMatching(wait) });
    expect(refusals(client).length).toBeGreaterThan(0);
    expect(refusals(client).length).toBeLessThan(100);
    expect(refusals(client)[0]?.error).toEqual({
      _tag: "RateLimited",
      message: expect.stringMatching(wait),
      retryable: true,
    });
    for (const unharmed of [neighbour, other]) {
      await answered(unharmed);
      expect(refusals(unharmed)).toEqual([]);
      expect(unharmed.closed).toBeNull();
    }
    const rows = async () => (await observe(threadId)).calls.filter(({ path }) => path === "audit:append");
    await expect.poll(async () => (await rows()).length).toBeGreaterThan(0);
    for (const { args } of await rows()) {
      expect(args).toMatchObject({
        action: "socket.refused",
        outcome: "refused",
        tag: "RateLimited",
        actorId: `user_of_${threadId}`,
      });
    }
    expect((await rows()).length).toBeLessThan(10);
  });

  test("hears of a refused message that it did not count, and may send it again", async () => {
    const { threadId, client, refused } = await refusedMessage();
    expect(client.responses(refused)).toEqual([
      expect.objectContaining({ done: true, error: true, body: expect.stringMatching(wait) }),
    ]);
    expect(client.transcript()).toEqual([]);

    const again = await ChatClient.open(threadId);
    again.ask([userMessage("text", "m1")]);
    await again.until(() => again.live()?.turn?.userMessageId === "m1");
  });
});

describe("A46: a user who opens sockets without end", () => {
  test("keeps the newest ones; older ones are closed with the time to wait", async () => {
    const threadId = newThreadId();
    const open = () => ChatClient.open(threadId);
    const older = await Promise.all(Array.from({ length: connectionsMax }, open));
    const newer = await Promise.all([open(), open(), open()]);
    const closed = () => older.flatMap((client) => client.closed ?? []);
    await expect.poll(() => closed().length).toBe(3);
    for (const end of closed())
      expect(end).toEqual({ code: closeCode.rateLimited, reason: expect.stringMatching(wait) });
    for (const client of newer) {
      await answered(client);
      expect(client.closed).toBeNull();
    }
    expect(closed()).toHaveLength(3);
  });
});

test("a page that connects anew takes the place of its former connection, and is answered on the new one", async () => {
  const threadId = newThreadId();
  const former = await ChatClient.open(threadId, {}, "page-1");
  const next = await ChatClient.open(threadId, {}, "page-1");
  await former.until(() => former.closed !== null);
  expect(former.closed?.code).toBe(1000);
  await next.ended(next.say("text"));
  await next.calm();
  expect(next.transcript()).toHaveLength(2);
});
