import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import {
  ChatClient,
  loseConvexAnswers,
  orderOpenCode,
  readHistory,
  stateOf,
  textOf,
  userMessage,
} from "./chat-client.testing.ts";
import { agentOf, delivered, loadWorker, loseAgent, midText, projected, whole } from "./thread.testing.ts";

beforeAll(loadWorker);

describe("Convex", () => {
  test("holds each message once and in order, whatever answers are lost on the way", async () => {
    const threadId = newThreadId();
    await loseConvexAnswers(threadId, 7);
    const client = await ChatClient.open(threadId);
    client.say("text", "m1");
    await client.calm();
    const answer = client.transcript()[1];
    for (let tries = 0; tries < 5; tries++) await delivered(threadId);
    expect(await projected(threadId)).toEqual([
      { position: 0, id: "m1", state: undefined, text: "text" },
      { position: 1, id: answer?.id, state: "settled", text: whole.trim() },
    ]);
    const { calls } = await observe(threadId);
    const activities = calls.filter(({ path }) => path === "threads:setActivity").map(({ args }) => args.activity);
    expect(activities.at(-1)).toBe("settled");
    expect(
      await runInDurableObject(agentOf(threadId), (_, { storage }) =>
        storage.sql.exec("select * from outbox").toArray(),
      ),
    ).toEqual([]);
  });
});

describe("an agent that is lost in the middle of a turn", () => {
  test("takes the turn up again: same message, same text, no second prompt", async () => {
    const threadId = newThreadId();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    const before = await ChatClient.open(threadId);
    before.say("text", "m1");
    await before.until(() => before.heard().includes("is "));
    await loseAgent(threadId);
    const after = await ChatClient.open(threadId);
    await after.until(() => after.live()?.turn !== null && after.live() !== null);
    await orderOpenCode(threadId, { order: "await", call: "GET /session/status" });
    await orderOpenCode(threadId, { order: "go on" });
    await after.calm();
    expect(after.transcript()).toHaveLength(2);
    expect(textOf(after.transcript()[1])).toBe(whole);
    expect(stateOf(after.transcript()[1])).toBe("settled");
    const calls = (await orderOpenCode(threadId, { order: "calls" })) as string[];
    expect(calls.filter((call) => call === "prompt text")).toHaveLength(1);
    await delivered(threadId);
    expect((await projected(threadId)).map(({ state }) => state)).toEqual([undefined, "settled"]);
  });

  test("answers what was waiting", async () => {
    const threadId = newThreadId();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    const before = await ChatClient.open(threadId);
    before.say("text", "m1");
    await before.until(() => before.heard().includes("is "));
    before.say("reasoning", "m2");
    await before.until(() => before.live()?.queued.length === 1);
    await loseAgent(threadId);
    await orderOpenCode(threadId, { order: "hold nothing" });
    await orderOpenCode(threadId, { order: "go on" });
    const after = await ChatClient.open(threadId);
    await after.until(() => after.transcript().length === 4 && after.live()?.turn === null);
    expect(after.transcript().map(textOf)).toEqual(["text", whole, "reasoning", "The answer is 42."]);
  });

  test("can be stopped before it has taken the turn up again", async () => {
    const threadId = newThreadId();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    const before = await ChatClient.open(threadId);
    before.say("text", "m1");
    await before.until(() => before.heard().includes("is "));
    await loseAgent(threadId);
    const after = await ChatClient.open(threadId);
    after.raw({ type: "threadbox_stop" });
    await after.calm();
    expect(stateOf(after.transcript()[1])).toBe("interrupted");
    expect(textOf(after.transcript()[1])).toBe("Hello there, this is ");
    expect(await orderOpenCode(threadId, { order: "calls" })).toContain("POST /session/ses_1/abort");
  });

  test("lost between settling and storing stores the message when it comes back", async () => {
    const threadId = newThreadId();
    const before = await ChatClient.open(threadId);
    before.say("text", "m1");
    await before.calm();
    const settled = before.transcript();
    await runInDurableObject(agentOf(threadId), async (agent, { storage }) => {
      const [row] = storage.sql.exec("select turn_id, document from turns").toArray();
      const turn = { ...JSON.parse(String(row?.document)), answer: JSON.stringify(settled[1]?.parts) };
      storage.sql.exec("update turns set document = ?", JSON.stringify(turn));
      await agent.persistMessages([userMessage("text", "m1") as never], [], { _deleteStaleRows: true });
    });
    expect(await readHistory(threadId)).toHaveLength(1);
    await loseAgent(threadId);
    const after = await ChatClient.open(threadId);
    await after.until(() => after.transcript().length === 2);
    expect(await readHistory(threadId)).toEqual(settled);
  });

  test("whose books it cannot read any more still answers what comes next", async () => {
    const threadId = newThreadId();
    const before = await ChatClient.open(threadId);
    before.say("text", "m1");
    await before.calm();
    await runInDurableObject(agentOf(threadId), (_, { storage }) => {
      storage.sql.exec("update turns set state = 'running', document = '{}'");
    });
    await loseAgent(threadId);
    const after = await ChatClient.open(threadId);
    after.say("reasoning", "m2");
    await after.until(() => after.transcript().length === 4 && after.live()?.turn === null);
    expect(after.transcript().map(textOf)).toEqual(["text", whole, "reasoning", "The answer is 42."]);
  });

  test("whose sandbox is gone too keeps what was written and says so", async () => {
    const threadId = newThreadId();
    await orderOpenCode(threadId, { order: "hold", at: "line 2" });
    const before = await ChatClient.open(threadId);
    before.say("tools", "m1");
    await before.until(() => JSON.stringify(before.chunks()).includes("line 2"));
    await loseAgent(threadId);
    await orderOpenCode(threadId, { order: "die" });
    const after = await ChatClient.open(threadId);
    await after.calm();
    const answer = after.transcript()[1];
    expect(answer?.metadata).toMatchObject({ state: "failed", error: { _tag: "SandboxInterrupted" } });
    expect(textOf(answer)).toBe("I write a file first.");
    expect(answer?.parts.map((part) => ("state" in part ? `${part.type} ${part.state}` : part.type))).toEqual([
      "step-start",
      "text done",
      "dynamic-tool output-available",
      "step-start",
      "dynamic-tool output-error",
    ]);
  });
});

describe("a sandbox that goes in the middle of a turn", () => {
  test("fails the turn, is not tried again, and is replaced for the next message", async () => {
    const threadId = newThreadId();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    const client = await ChatClient.open(threadId);
    client.say("text", "m1");
    await client.until(() => client.heard().includes("is "));
    await orderOpenCode(threadId, { order: "die" });
    await client.calm();
    expect(client.transcript()[1]?.metadata).toMatchObject({
      state: "failed",
      error: { _tag: "SandboxInterrupted", retryable: true },
    });
    expect(textOf(client.transcript()[1])).toBe("Hello there, this is ");
    await orderOpenCode(threadId, { order: "hold nothing" });
    client.say("reasoning", "m2");
    await client.until(() => client.transcript().length === 4 && client.live()?.turn === null);
    expect(client.transcript().map(stateOf)).toEqual([undefined, "failed", undefined, "settled"]);
    const calls = (await orderOpenCode(threadId, { order: "calls" })) as string[];
    expect(calls.filter((call) => call.startsWith("prompt"))).toEqual(["prompt text", "prompt reasoning"]);
  });
});

describe("an OpenCode that has lost its session", () => {
  const forgotten = async () => {
    const threadId = newThreadId();
    const client = await ChatClient.open(threadId);
    client.say("text", "m1");
    await client.calm();
    await orderOpenCode(threadId, { order: "forget sessions" });
    client.say("reasoning", "m2");
    await client.until(() => client.transcript().length === 4 && client.live()?.turn === null);
    const recaps = async () =>
      ((await orderOpenCode(threadId, { order: "calls" })) as string[]).filter((call) => call.startsWith("recap"));
    return { threadId, client, recaps };
  };

  test("is told once what came before", async () => {
    const { client, recaps } = await forgotten();
    expect(await recaps()).toEqual([expect.stringContaining("User: text\n\nAssistant: Hello there")]);
    client.say("tools", "m3");
    await client.until(() => client.transcript().length === 6 && client.live()?.turn === null);
    expect(await recaps()).toHaveLength(1);
  });

  test("is told again when the message that told it is answered anew", async () => {
    const { client, recaps } = await forgotten();
    await client.ended(client.ask([userMessage("reasoning", "m2")], { trigger: "regenerate-message" }));
    await client.calm();
    expect(await recaps()).toHaveLength(2);
  });

  test("gets a new session where an edit begins before all that it held", async () => {
    const { threadId, client, recaps } = await forgotten();
    await client.ended(client.say("tools", "m3", { siblingOf: "m1" }));
    await client.calm();
    expect(client.transcript()).toHaveLength(2);
    expect(await recaps()).toHaveLength(1);
    const calls = (await orderOpenCode(threadId, { order: "calls" })) as string[];
    expect(calls.filter((call) => call === "POST /session")).toHaveLength(3);
  });
});

describe("a socket", () => {
  test("is not opened for a thread that is gone", async () => {
    await expect(ChatClient.open(newThreadId("gone"))).rejects.toThrow("404");
  });

  test("whose user has lost the thread is closed with 4401 at the next look", async () => {
    const threadId = newThreadId();
    const [owner, other] = [
      await ChatClient.open(threadId),
      await ChatClient.open(threadId, { user_id: "user_losing" }),
    ];
    await delivered(threadId);
    await other.until(() => other.closed !== null);
    expect(other.closed?.code).toBe(4401);
    expect(owner.closed).toBeNull();
  });

  test("brings a look at the user's right within a minute", async () => {
    const threadId = newThreadId();
    await ChatClient.open(threadId);
    const looks = await runInDurableObject(agentOf(threadId), (agent) => agent.listSchedules());
    expect(looks.map(({ callback }) => callback)).toEqual(["upkeep"]);
    expect((looks[0]?.time ?? Number.POSITIVE_INFINITY) - Date.now() / 1000).toBeLessThan(60);
  });
});
