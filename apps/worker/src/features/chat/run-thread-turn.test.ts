import { exports } from "cloudflare:workers";
import type { ThreadId } from "@threadbox/contracts/ids";
import type { ThreadLive } from "@threadbox/contracts/live";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { outboundUrls } from "../../testing/outbound.testing.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { Person } from "../logins/person.testing.ts";
import { goodKey } from "../model-keys/providers.testing.ts";
import { ChatClient, orderOpenCode, stateOf } from "./chat-client.testing.ts";

// The first request loads the worker, which takes its time.
beforeAll(async () => {
  await exports.default.fetch("http://worker.test/health");
});

describe("a sandbox that gives its place away between two turns", () => {
  test("comes back for the next message, and nobody sees an error", async () => {
    const threadId = newThreadId();
    const client = await ChatClient.open(threadId);
    client.say("text", "m1");
    await client.until(() => client.transcript().length === 2 && client.live()?.turn === null);
    await orderOpenCode(threadId, { order: "fall asleep" });
    client.say("reasoning", "m2");
    await client.until(() => client.transcript().length === 4 && client.live()?.turn === null);
    expect(client.transcript().map(stateOf)).toEqual([undefined, "settled", undefined, "settled"]);
    const reports = (await observe(threadId)).calls.filter(({ path }) => path === "sandboxes:report");
    expect(reports.at(-1)?.args).toMatchObject({ generation: 2 });
    const calls = (await orderOpenCode(threadId, { order: "calls" })) as string[];
    expect(calls.filter((call) => call.startsWith("prompt"))).toEqual(["prompt text", "prompt reasoning"]);
  });
});

describe("a turn that is stopped while its sandbox waits for a place", () => {
  const lastReport = async (threadId: ThreadId) => {
    const { calls } = await observe(threadId);
    return calls.findLast(({ path }) => path === "sandboxes:report")?.args;
  };

  test("takes none, and the next one gets its own", async () => {
    const threadId = newThreadId();
    const client = await ChatClient.open(threadId);
    await orderOpenCode(threadId, { order: "have no place" });
    client.say("text", "m1");
    await expect.poll(() => lastReport(threadId)).toMatchObject({ reason: "All places are in use." });
    client.raw({ type: "threadbox_stop" });
    await client.until(() => client.transcript().length === 2 && client.live()?.turn === null);
    await expect.poll(() => lastReport(threadId)).toMatchObject({ status: "asleep", generation: 1 });
    await orderOpenCode(threadId, { order: "have a place" });
    client.say("reasoning", "m2");
    await client.until(() => client.transcript().length === 4 && client.live()?.turn === null);
    expect(client.transcript().map(stateOf)).toEqual([undefined, "interrupted", undefined, "settled"]);
    expect(await lastReport(threadId)).toMatchObject({ generation: 2 });
  });
});

describe("a turn says that it starts its sandbox", () => {
  /** The steps that the page was shown of the running turns, one after the other. */
  const stepsSince = (client: ChatClient, from: number) =>
    client.frames
      .slice(from)
      .filter(({ type }) => type === "cf_agent_state")
      .flatMap(({ state }) => (state as ThreadLive).turn?.step ?? [])
      .filter((step, index, all) => step !== all[index - 1]);

  test("where it does, and never where the sandbox is ready", async () => {
    const client = await ChatClient.open(newThreadId());
    client.say("text", "m1");
    await client.until(() => client.transcript().length === 2 && client.live()?.turn === null);
    expect(stepsSince(client, 0)).toEqual(["preparing", "sandbox", "preparing", "model"]);
    const from = client.frames.length;
    client.say("reasoning", "m2");
    await client.until(() => client.transcript().length === 4 && client.live()?.turn === null);
    expect(stepsSince(client, from)).toEqual(["preparing", "model"]);
  });
});

describe("a sandbox that runs since before there were models of users' keys", () => {
  test("is started again for the turn that such a model answers, and its conversation goes on", async () => {
    const person = new Person();
    const { threadId } = person;
    const client = await ChatClient.open(threadId);
    client.say("text", "m1");
    await client.until(() => client.transcript().length === 2 && client.live()?.turn === null);
    await orderOpenCode(threadId, { order: "be outdated" });
    const wish = { kind: "compatible", name: "Mine", value: `${goodKey}${threadId}`, address: outboundUrls.compatible };
    const added = (await (await person.send("POST", "/api/model-keys", wish)).json()) as { keys: { id: string }[] };
    const choice = { kind: "key", keyId: added.keys[0]?.id, modelId: "own-1" };
    await person.send("PUT", `/api/models/threads/${threadId}`, { choice });
    client.say("reasoning", "m2");
    await client.until(() => client.transcript().length === 4 && client.live()?.turn === null);
    const generations = async () =>
      (await observe(threadId)).calls
        .filter(({ path }) => path === "sandboxes:report")
        .map(({ args }) => (args as { generation?: number }).generation);
    expect((await generations()).at(-1)).toBe(2);
    expect(client.transcript().map(stateOf)).toEqual([undefined, "settled", undefined, "settled"]);
    client.say("text", "m3");
    await client.until(() => client.transcript().length === 6 && client.live()?.turn === null);
    expect((await generations()).at(-1)).toBe(2);
    const calls = (await orderOpenCode(threadId, { order: "calls" })) as string[];
    expect(calls.filter((call) => call.startsWith("prompt"))).toEqual([
      "prompt text",
      "prompt reasoning",
      "prompt text",
    ]);
  });
});
