import { runInDurableObject } from "cloudflare:test";
import type { ThreadId } from "@threadbox/contracts/ids";
import { isFromOpenCode } from "@threadbox/contracts/message-origin";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import type { Ask } from "../opencode/index.ts";
import { ChatClient, orderOpenCode, readHistory, stateOf, textOf } from "./chat-client.testing.ts";
import type { PageAnswer, PageRequest } from "./page-door.ts";
import { agentOf, delivered, loadWorker, loseAgent, midText, projected, whole } from "./thread.testing.ts";

beforeAll(loadWorker);

const tell = (threadId: ThreadId, request: PageRequest): Promise<PageAnswer> =>
  runInDurableObject(agentOf(threadId), (agent) => agent.hearPage(request));

const prompt = (text: string): Ask => ({ kind: "prompt", parts: [{ type: "text", text }] });

/** OpenCode's page asks that in a session of the thread's. */
const write = (threadId: ThreadId, ask: Ask, promptId: string, sessionId = "ses_1", isBegun = false) =>
  tell(threadId, { kind: "ask", sessionId, promptId, ask, isBegun });

const prompts = async (threadId: ThreadId) =>
  ((await orderOpenCode(threadId, { order: "calls" })) as string[]).filter((call) => call.startsWith("prompt "));

/** A thread whose first turn has settled in `ses_1`, in two tabs. */
const open = async () => {
  const threadId = newThreadId();
  const [tab, other] = [await ChatClient.open(threadId), await ChatClient.open(threadId)];
  tab.say("text", "m1");
  await Promise.all([tab.calm(), other.calm()]);
  return { threadId, tab, other };
};

const long = (client: ChatClient, count: number) => client.until(() => client.transcript().length === count);
const rested = async (client: ChatClient, count: number) => {
  await long(client, count);
  await client.calm();
};

describe("what is written in OpenCode's page", () => {
  test("is a turn of the thread in the session that the page shows, the same in every tab and in Convex", async () => {
    const { threadId, tab, other } = await open();
    const from = other.frames.length;
    expect(await write(threadId, prompt("reasoning"), "msg_page00000001")).toEqual({ kind: "taken" });
    await Promise.all([rested(tab, 4), rested(other, 4)]);
    const written = tab.transcript()[2];
    expect(written).toMatchObject({ id: "msg_page00000001", role: "user" });
    expect([isFromOpenCode(written?.parts ?? []), textOf(written)]).toEqual([true, "reasoning"]);
    expect(isFromOpenCode(tab.transcript()[0]?.parts ?? [])).toBe(false);
    expect(stateOf(tab.transcript()[3])).toBe("settled");
    expect(other.frames.slice(from).some(({ type }) => type === "cf_agent_use_chat_response")).toBe(true);
    expect(other.transcript()).toEqual(tab.transcript());
    expect(await readHistory(threadId)).toEqual(tab.transcript());
    const calls = (await orderOpenCode(threadId, { order: "calls" })) as string[];
    expect(calls.filter((call) => call.startsWith("POST"))).toEqual([
      "POST /session",
      "POST /session/ses_1/prompt_async",
      "POST /session/ses_1/prompt_async",
    ]);
    await delivered(threadId);
    expect((await projected(threadId)).map(({ id }) => id)).toEqual(tab.transcript().map(({ id }) => id));
    const row = (await observe(threadId)).calls.find(({ args }) => args.messageId === "msg_page00000001");
    expect(isFromOpenCode(JSON.parse(String(row?.args.parts)))).toBe(true);
  });

  test("while the chat's turn runs waits with what the chat sends, in one order, and nothing is doubled", async () => {
    const { threadId, tab } = await open();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    tab.say("text", "m2");
    await tab.until(() => tab.heard() === "Hello there, this ");
    await write(threadId, prompt("reasoning"), "msg_page00000001");
    tab.say("tools", "m3");
    await tab.until(() => tab.live()?.queued.length === 2);
    expect(tab.live()?.queued.map(({ messageId }) => messageId)).toEqual(["msg_page00000001", "m3"]);
    // OpenCode's page sends again what it does not know the fate of.
    expect(await write(threadId, prompt("reasoning"), "msg_page00000001")).toEqual({ kind: "taken" });
    await orderOpenCode(threadId, { order: "hold nothing" });
    await orderOpenCode(threadId, { order: "go on" });
    await rested(tab, 8);
    expect(await write(threadId, prompt("reasoning"), "msg_page00000001")).toEqual({ kind: "taken" });
    expect(tab.transcript().flatMap(({ id, role }) => (role === "user" ? [id] : []))).toEqual([
      "m1",
      "m2",
      "msg_page00000001",
      "m3",
    ]);
    expect(await prompts(threadId)).toEqual(["prompt text", "prompt text", "prompt reasoning", "prompt tools"]);
  });

  test("outlives its agent: both sides have it once, and the same answer", async () => {
    const { threadId } = await open();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    await write(threadId, prompt("text"), "msg_page00000001");
    await orderOpenCode(threadId, { order: "await", call: "prompt text", times: 2 });
    await loseAgent(threadId);
    await delivered(threadId);
    const after = await ChatClient.open(threadId);
    await orderOpenCode(threadId, { order: "go on" });
    await rested(after, 4);
    expect(textOf(after.transcript()[3])).toBe(whole);
    expect(await prompts(threadId)).toEqual(["prompt text", "prompt text"]);
  });

  test("can be taken back while it waits", async () => {
    const { threadId, tab } = await open();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    tab.say("text", "m2");
    await tab.until(() => tab.heard() === "Hello there, this ");
    await write(threadId, prompt("reasoning"), "msg_page00000001");
    await tab.until(() => tab.live()?.queued.length === 1);
    tab.raw({ type: "threadbox_unqueue", messageId: "msg_page00000001" });
    await tab.until(() => tab.live()?.queued.length === 0);
    await orderOpenCode(threadId, { order: "go on" });
    await rested(tab, 4);
    expect(await prompts(threadId)).toEqual(["prompt text", "prompt text"]);
  });

  test("is refused with words where too much waits", async () => {
    const { threadId, tab } = await open();
    await orderOpenCode(threadId, { order: "hold", at: midText });
    tab.say("text", "m2");
    await tab.until(() => tab.heard() === "Hello there, this ");
    const answers = [];
    for (let n = 0; n < 21; n++) answers.push(await write(threadId, prompt("text"), `msg_page000000${10 + n}`));
    expect(answers.map(({ kind }) => kind)).toEqual([...Array(20).fill("taken"), "refused"]);
    expect(answers.at(-1)).toMatchObject({ tag: "RateLimited" });
  });

  test.each([
    [{ kind: "shell", command: "text" }, "!text", "shell"],
    [{ kind: "command", command: "review", arguments: "text" }, "/review text", "command"],
  ] as const)("as %o is a turn too", async (ask, words, verb) => {
    const { threadId, tab } = await open();
    await write(threadId, ask, "msg_page00000001");
    await rested(tab, 4);
    expect(textOf(tab.transcript()[2])).toBe(words);
    expect([textOf(tab.transcript()[3]), stateOf(tab.transcript()[3])]).toEqual([whole, "settled"]);
    const calls = (await orderOpenCode(threadId, { order: "calls" })) as string[];
    expect(calls.filter((call) => call === `POST /session/ses_1/${verb}`)).toHaveLength(1);
  });

  test("is asked again as it was asked", async () => {
    const { threadId, tab } = await open();
    await write(threadId, { kind: "command", command: "review", arguments: "text" }, "msg_page00000001");
    await rested(tab, 4);
    const [asked] = tab.transcript().slice(2, 3);
    tab.ask([asked], { trigger: "regenerate-message" });
    await orderOpenCode(threadId, { order: "await", call: "/command", times: 2 });
    await tab.until(() => tab.live()?.forks?.length === 1);
    await tab.calm();
    expect(isFromOpenCode(tab.transcript()[2]?.parts ?? [])).toBe(true);
  });
});

describe("a session of OpenCode's page", () => {
  test("begins the thread where there is nothing yet", async () => {
    const threadId = newThreadId();
    const tab = await ChatClient.open(threadId);
    tab.say("text", "m1");
    await tab.calm();
    const fresh = newThreadId();
    const reader = await ChatClient.open(fresh);
    expect(await write(fresh, prompt("text"), "msg_page00000001", "ses_of_the_page")).toEqual({ kind: "taken" });
    await reader.calm();
    // Its OpenCode knows no such session, so the turn makes one of its own.
    expect(reader.transcript().map(({ id }) => id)[0]).toBe("msg_page00000001");
    expect(stateOf(reader.transcript()[1])).toBe("settled");
  });

  test("that the thread does not know is none of its own, until the page has begun it", async () => {
    const { threadId, tab } = await open();
    expect(await write(threadId, prompt("text"), "msg_page00000001", "ses_2")).toEqual({ kind: "unknown" });
    expect(await write(threadId, prompt("text"), "msg_page00000001", "ses_2", true)).toEqual({ kind: "taken" });
    await tab.until(() => tab.transcript()[0]?.id === "msg_page00000001");
    await rested(tab, 2);
    expect(tab.live()?.forks).toEqual([{ messageId: "msg_page00000001", siblings: ["m1", "msg_page00000001"] }]);
  });

  test("that it forks goes on from there, as another version in the thread", async () => {
    const { threadId, tab } = await open();
    await write(threadId, prompt("reasoning"), "msg_page00000001");
    await rested(tab, 4);
    expect(
      await tell(threadId, {
        kind: "forked",
        sessionId: "ses_1",
        forkId: "ses_2",
        promptId: "msg_page00000001",
      }),
    ).toEqual({ kind: "taken" });
    await write(threadId, prompt("text"), "msg_page00000002", "ses_2");
    await tab.until(() => tab.transcript()[2]?.id === "msg_page00000002");
    await rested(tab, 4);
    expect(tab.live()?.forks).toEqual([
      { messageId: "msg_page00000002", siblings: ["msg_page00000001", "msg_page00000002"] },
    ]);
  });

  test("is the thread's own or not, whoever asks", async () => {
    const { threadId } = await open();
    expect(await tell(threadId, { kind: "owns", sessionId: "ses_1" })).toEqual({ kind: "taken" });
    expect(await tell(threadId, { kind: "owns", sessionId: "ses_2" })).toEqual({ kind: "unknown" });
  });

  test("in which a turn runs can be stopped there; the partial answer stays", async () => {
    const { threadId, tab } = await open();
    expect(await tell(threadId, { kind: "stop", sessionId: "ses_1" })).toEqual({ kind: "unknown" });
    await orderOpenCode(threadId, { order: "hold", at: midText });
    tab.say("text", "m2");
    await tab.until(() => tab.heard() === "Hello there, this ");
    expect(await tell(threadId, { kind: "stop", sessionId: "ses_2" })).toEqual({ kind: "unknown" });
    expect(await tell(threadId, { kind: "stop", sessionId: "ses_1" })).toEqual({ kind: "taken" });
    await rested(tab, 4);
    expect(stateOf(tab.transcript()[3])).toBe("interrupted");
  });
});
