import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
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
