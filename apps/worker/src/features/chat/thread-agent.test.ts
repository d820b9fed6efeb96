import { beforeAll, describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { ChatClient, orderOpenCode, readHistory, stateOf, textOf } from "./chat-client.testing.ts";
import { loadWorker, midText, whole } from "./thread.testing.ts";

beforeAll(loadWorker);

describe("a turn", () => {
  test("streams to the one who asked and settles the same for everybody", async () => {
    const threadId = newThreadId();
    const [asker, other] = [await ChatClient.open(threadId), await ChatClient.open(threadId)];
    await asker.ended(asker.say("tools"));
    await Promise.all([asker.calm(), other.calm()]);
    const settled = asker.transcript();
    expect(settled).toHaveLength(2);
    expect(stateOf(settled[1])).toBe("settled");
    expect(textOf(settled[1])).toBe("I write a file first.The file is there and it counted to four.");
    expect(textOf(await asker.message())).toBe(textOf(settled[1]));
    expect(other.transcript()).toEqual(settled);
    expect(await readHistory(threadId)).toEqual(settled);
    expect(settled[1]?.parts.map(({ type }) => type)).toEqual([
      "step-start",
      "text",
      "dynamic-tool",
      "step-start",
      "dynamic-tool",
      "step-start",
      "text",
    ]);
  });

  test("says which model answers, how long it took and how many tokens", async () => {
    const client = await ChatClient.open(newThreadId());
    client.say("text");
    await client.calm();
    expect(client.transcript()[1]?.metadata).toEqual({
      turnId: expect.any(String),
      state: "settled",
      model: { provider: "demo", id: "demo", label: "Demo model" },
      startedAt: expect.any(Number),
      endedAt: expect.any(Number),
      tokens: 15,
    });
  });

  test("that fails leaves a message that says why", async () => {
    const client = await ChatClient.open(newThreadId());
    client.say("refused");
    await client.calm();
    expect(client.transcript()[1]?.metadata).toMatchObject({
      state: "failed",
      error: { _tag: "UpstreamError", message: "The model provider returned an error: This model does not exist." },
    });
  });
});

describe("a page that is loaded in the middle of a turn", () => {
  const halfway = async () => {
    const threadId = newThreadId();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    const first = await ChatClient.open(threadId);
    first.say("text");
    await first.until(() => first.heard() === "Hello there, this is ");
    return { threadId, first, stream: first.stream() };
  };

  test("hears the same text, from its beginning to its end", async () => {
    const { threadId, first, stream } = await halfway();
    first.close();
    const second = await ChatClient.open(threadId);
    const resumed = await second.resume();
    expect(resumed).toBe(stream);
    await second.until(() => second.heard().includes("is "));
    await orderOpenCode(threadId, { order: "go on" });
    await second.calm();
    expect(second.heard()).toBe(whole);
    expect(textOf(second.transcript()[1])).toBe(whole);
  });

  test("hears nothing twice when the stream is offered to it several times", async () => {
    const { threadId } = await halfway();
    const second = await ChatClient.open(threadId);
    await second.resume(3);
    await second.until(() => second.heard().includes("is "));
    await orderOpenCode(threadId, { order: "go on" });
    await second.calm();
    expect(second.heard()).toBe(whole);
  });
});

describe("stop", () => {
  test.each(["cancel", "command from another tab"])(
    "by %s interrupts OpenCode and keeps what was written",
    async (how) => {
      const threadId = newThreadId();
      const [asker, other] = [await ChatClient.open(threadId), await ChatClient.open(threadId)];
      asker.say("aborttext");
      await asker.until(() => asker.heard().endsWith("j "));
      if (how === "cancel") asker.raw({ type: "cf_agent_chat_request_cancel", id: asker.stream() });
      else other.raw({ type: "threadbox_stop" });
      await Promise.all([asker.calm(), other.calm()]);
      expect(stateOf(asker.transcript()[1])).toBe("interrupted");
      expect(textOf(asker.transcript()[1])).toBe("a b c d e f g h i j ");
      expect(other.transcript()).toEqual(asker.transcript());
      expect(await orderOpenCode(threadId, { order: "calls" })).toContain("POST /session/ses_1/abort");
    },
  );
});

describe("a message that is sent while a turn runs", () => {
  test("waits in sight of everybody and is answered in its turn", async () => {
    const threadId = newThreadId();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    const [asker, other] = [await ChatClient.open(threadId), await ChatClient.open(threadId)];
    asker.say("text", "m1");
    await asker.until(() => asker.heard().includes("is "));
    const second = asker.say("reasoning", "m2");
    await other.until(() => other.transcript().some(({ id }) => id === "m2") && other.live()?.queued.length === 1);
    expect(stateOf(other.transcript().at(-1))).toBe("queued");
    const running = other.live()?.turn;
    expect(running?.step).toBe("model");
    expect(running?.stepSince).toBeGreaterThanOrEqual(running?.startedAt ?? Number.POSITIVE_INFINITY);
    expect(other.live()?.queued).toEqual([{ messageId: "m2", text: "reasoning", since: expect.any(Number) }]);
    expect((await readHistory(threadId)).map(({ id }) => id)).toEqual(["m1", "m2"]);
    await orderOpenCode(threadId, { order: "hold nothing" });
    await orderOpenCode(threadId, { order: "go on" });
    await asker.ended(second);
    await asker.calm();
    expect(asker.transcript().map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(asker.transcript().map(stateOf)).toEqual([undefined, "settled", undefined, "settled"]);
    expect(textOf(asker.transcript()[1])).toBe(whole);
    expect(textOf(asker.transcript()[3])).toBe("The answer is 42.");
    await other.calm();
    expect(other.transcript()).toEqual(asker.transcript());
  });

  test("can be taken back", async () => {
    const threadId = newThreadId();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    const client = await ChatClient.open(threadId);
    client.say("text", "m1");
    await client.until(() => client.heard().includes("is "));
    client.say("reasoning", "m2");
    await client.until(() => client.live()?.queued.length === 1);
    client.raw({ type: "threadbox_unqueue", messageId: "m2" });
    await client.until(() => client.live()?.queued.length === 0);
    await orderOpenCode(threadId, { order: "go on" });
    await client.calm();
    expect(client.transcript()).toHaveLength(2);
  });

  test("of two that arrive at once both are answered, one after the other", async () => {
    const threadId = newThreadId();
    const [one, two] = [await ChatClient.open(threadId), await ChatClient.open(threadId)];
    one.say("text", "m1");
    two.say("reasoning", "m2");
    await one.until(() => one.transcript().filter(({ role }) => role === "assistant").length === 2);
    await Promise.all([one.calm(), two.calm()]);
    expect(one.transcript().map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(two.transcript()).toEqual(one.transcript());
  });
});
