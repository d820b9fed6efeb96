import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { UserId } from "@threadbox/contracts/ids";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { Person } from "../logins/person.testing.ts";
import { ChatClient, orderOpenCode, stateOf, textOf } from "./chat-client.testing.ts";
import { agentOf, delivered, loadWorker, loseAgent, whole } from "./thread.testing.ts";

beforeAll(loadWorker);

const isWaiting = (client: ChatClient) => client.live()?.turn?.step === "login";
const openCodeCalls = async ({ threadId }: Person) =>
  (((await orderOpenCode(threadId, { order: "calls" })) ?? []) as string[]).filter((call) =>
    /^(prompt|go on) /.test(call),
  );
const activities = async ({ threadId }: Person) => {
  await delivered(threadId);
  const { calls } = await observe(threadId);
  return calls.filter(({ path }) => path === "threads:setActivity").map(({ args }) => args.activity);
};
const starts = async ({ threadId }: Person) =>
  (await observe(threadId)).calls.filter(({ path }) => path === "sandboxes:report").length;

const signedOut = async () => {
  const person = new Person();
  const { access_token } = await person.connect();
  await person.loseLogin(access_token);
  return person;
};

describe("a turn that begins while its ChatGPT login has ended", () => {
  test("waits without a sandbox, keeps the queue behind it in order, and is answered once it is connected again", async () => {
    const person = await signedOut();
    const client = await ChatClient.open(person.threadId);
    client.say("text", "m1");
    await client.until(() => isWaiting(client));
    client.say("reasoning", "m2");
    await client.until(() => client.live()?.queued.length === 1);
    expect(client.live()).toMatchObject({ activity: "waiting", turn: { userMessageId: "m1" } });
    expect(await starts(person)).toBe(0);
    expect(await activities(person)).toEqual(["running", "waiting"]);
    await person.connect();
    await client.until(() => client.transcript().length === 4 && client.live()?.turn === null);
    expect(client.transcript().map(textOf)).toEqual(["text", whole, "reasoning", "The answer is 42."]);
    expect(await openCodeCalls(person)).toEqual(["prompt text", "prompt reasoning"]);
    expect((await activities(person)).slice(0, 4)).toEqual(["running", "waiting", "running", "settled"]);
  });

  test("goes on with the workspace's model where the thread is told to use that", async () => {
    const person = await signedOut();
    const client = await ChatClient.open(person.threadId);
    client.say("text", "m1");
    await client.until(() => isWaiting(client));
    await person.send("PUT", `/api/models/threads/${person.threadId}`, { choice: { kind: "workspace" } });
    await client.calm();
    expect(client.transcript()[1]?.metadata).toMatchObject({ state: "settled", model: { provider: "demo" } });
  });

  test("goes on with the workspace's model where the login is disconnected", async () => {
    const person = await signedOut();
    const client = await ChatClient.open(person.threadId);
    client.say("text", "m1");
    await client.until(() => isWaiting(client));
    const [login] = (await person.list()).logins;
    await person.send("POST", `/api/logins/${login?.id}/disconnect`);
    await client.calm();
    expect(client.transcript().map(textOf)).toEqual(["text", whole]);
  });

  test("ends at once where somebody stops it, and what waits behind it is kept", async () => {
    const person = await signedOut();
    const client = await ChatClient.open(person.threadId);
    client.say("text", "m1");
    await client.until(() => isWaiting(client));
    client.say("reasoning", "m2");
    await client.until(() => client.live()?.queued.length === 1);
    client.raw({ type: "threadbox_stop" });
    await client.until(() => client.live()?.turn === null && client.live()?.isPaused === true);
    expect(client.transcript().map(stateOf)).toEqual([undefined, "interrupted", "queued"]);
    client.raw({ type: "threadbox_resume" });
    await client.until(() => client.live()?.turn?.userMessageId === "m2" && isWaiting(client));
    await person.connect();
    await client.until(() => client.transcript().length === 4 && client.live()?.turn === null);
    expect(await openCodeCalls(person)).toEqual(["prompt reasoning"]);
  });

  test("outlives its agent: one that comes back is told, and one that was told nothing looks for itself", async () => {
    const person = await signedOut();
    const before = await ChatClient.open(person.threadId);
    before.say("text", "m1");
    await before.until(() => isWaiting(before));
    await loseAgent(person.threadId);
    const after = await ChatClient.open(person.threadId);
    await after.until(() => isWaiting(after));
    const logins = env.USER_LOGINS.getByName(UserId.make(person.userId));
    // What is told is lost on its way.
    await runInDurableObject(logins, (_, { storage }) => {
      for (const [key] of storage.kv.list({ prefix: "waiting:" })) storage.kv.delete(key);
    });
    await person.connect();
    expect(isWaiting(after)).toBe(true);
    const looks = await runInDurableObject(agentOf(person.threadId), (agent) => agent.listSchedules());
    expect(looks.map(({ callback }) => callback)).toEqual(["upkeep"]);
    await delivered(person.threadId);
    await after.calm();
    expect(after.transcript().map(textOf)).toEqual(["text", whole]);
    expect(await openCodeCalls(person)).toEqual(["prompt text"]);
  });
});

describe("a turn whose ChatGPT login ends in the middle", () => {
  const halted = async () => {
    const person = new Person();
    const { access_token } = await person.connect();
    await orderOpenCode(person.threadId, { order: "hold", at: '"tool":"bash"' });
    const client = await ChatClient.open(person.threadId);
    client.say("signedout", "m1");
    await client.until(() => client.heard().includes("First"));
    await person.loseLogin(access_token);
    await orderOpenCode(person.threadId, { order: "hold nothing" });
    await orderOpenCode(person.threadId, { order: "go on" });
    await client.until(() => isWaiting(client));
    return { person, client };
  };
  const shapes = (client: ChatClient) =>
    client
      .transcript()[1]
      ?.parts.map((part) => ("toolCallId" in part ? "tool" : part.type) + ("state" in part ? ` ${part.state}` : ""));

  test("keeps what was written, and goes on once after the reconnect: nothing twice, no tool again", async () => {
    const { person, client } = await halted();
    await client.until(() => client.transcript()[1]?.parts.length === 3);
    expect(shapes(client)).toEqual(["step-start", "text done", "tool output-available"]);
    await person.connect();
    await client.calm();
    expect(textOf(client.transcript()[1])).toBe("First I count.It counted to one.");
    expect(shapes(client)).toEqual(["step-start", "text done", "tool output-available", "step-start", "text done"]);
    expect(await openCodeCalls(person)).toEqual(["prompt signedout", expect.stringMatching(/^go on msg_/)]);
    // Every tab comes to the same, also one that only followed the stream.
    expect((await client.message())?.parts.filter((part) => "toolCallId" in part)).toHaveLength(1);
  });

  test("goes on once where its agent is lost meanwhile", async () => {
    const { person } = await halted();
    await loseAgent(person.threadId);
    const after = await ChatClient.open(person.threadId);
    await after.until(() => isWaiting(after));
    await person.connect();
    await after.calm();
    expect(textOf(after.transcript()[1])).toBe("First I count.It counted to one.");
    expect(await openCodeCalls(person)).toHaveLength(2);
  });

  test("keeps what was written where somebody stops it", async () => {
    const { client } = await halted();
    client.raw({ type: "threadbox_stop" });
    await client.calm();
    expect(stateOf(client.transcript()[1])).toBe("interrupted");
    expect(shapes(client)).toEqual(["step-start", "text done", "tool output-available"]);
  });
});
