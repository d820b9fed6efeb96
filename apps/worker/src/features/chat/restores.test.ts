import { exports } from "cloudflare:workers";
import type { ThreadId } from "@threadbox/contracts/ids";
import type { RestoredFiles, RestoreFiles, ThreadPoints } from "@threadbox/contracts/points";
import { beforeAll, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { ChatClient, orderOpenCode, readHistory } from "./chat-client.testing.ts";
import { delivered, loadWorker, loseAgent, midText, projected } from "./thread.testing.ts";

beforeAll(loadWorker);

const ask = async (threadId: ThreadId, path: string, init: RequestInit = {}, by: ThreadId = threadId) =>
  exports.default.fetch(`http://worker.test/api/sandbox/${threadId}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${await signToken(by)}`, origin: testBindings.APP_ORIGIN },
  });
const pointsOf = async (threadId: ThreadId, query = ""): Promise<ThreadPoints> =>
  (await ask(threadId, `/points${query}`)).json();
const restore = async (threadId: ThreadId, wish: RestoreFiles) =>
  ask(threadId, "/restores", { method: "POST", body: JSON.stringify(wish) });

/** A thread of two turns, each of which was saved. */
const open = async () => {
  const threadId = newThreadId();
  const client = await ChatClient.open(threadId);
  for (const [at, [id, text]] of [
    ["m1", "text"],
    ["m2", "reasoning"],
  ].entries() as ArrayIterator<[number, [string, string]]>) {
    await client.ended(client.say(text, id));
    await client.calm();
    await expect.poll(async () => (await pointsOf(threadId)).points.length).toBe(at + 1);
  }
  return { threadId, client, ids: client.transcript().map(({ id }) => id) };
};

test("points tell what was answered last, and which of them is from before a message", async () => {
  const { threadId, ids } = await open();
  const { points, before } = await pointsOf(threadId, "?before=m2");
  expect(points).toMatchObject([
    { cause: "turn", about: "reasoning", after: ids[3] },
    { cause: "turn", about: "text", after: ids[1] },
  ]);
  expect(before).toBe(points[1]?.id);
  expect((await pointsOf(threadId, "?before=m1")).before).toBe("beginning");
  const changes = await ask(threadId, `/points/${before}/changes`);
  expect(await changes.json()).toMatchObject({ back: 1 });
});

test("a restore ends the conversation where its files are from, in OpenCode too, and can be taken back", async () => {
  const { threadId, client, ids } = await open();
  const { before = null } = await pointsOf(threadId, "?before=m2");
  const wish = { pointId: before ?? "", goesOnAfter: ids[1] } as RestoreFiles;
  const restored = (await (await restore(threadId, wish)).json()) as RestoredFiles;
  await client.until(() => client.transcript().length === 2);
  expect((await readHistory(threadId)).map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const calls = () => orderOpenCode(threadId, { order: "calls" }) as Promise<string[]>;
  expect((await calls()).filter((call) => call.endsWith("/fork"))).toEqual(["POST /session/ses_1/fork"]);
  await delivered(threadId);
  expect((await projected(threadId)).map(({ id }) => id)).toEqual(ids.slice(0, 2));

  expect(restored.undo).toMatchObject({ goesOnAfter: ids[3] });
  if (restored.undo === null) return;
  await restore(threadId, restored.undo);
  await client.until(() => client.transcript().length === 4);
  await client.ended(client.say("text", "m3"));
  await client.until(() => client.transcript().length === 6);
  await client.calm();
  expect((await calls()).filter((call) => call.includes("prompt_async")).at(-1)).toBe(
    "POST /session/ses_1/prompt_async",
  );
  expect((await pointsOf(threadId)).points.map(({ cause }) => cause)).toContain("restore");
});

test("what is said after a restore stands beside what came after, in the session that ends there", async () => {
  const { threadId, client, ids } = await open();
  const [, first] = (await pointsOf(threadId)).points;
  await restore(threadId, { pointId: first?.id ?? "", goesOnAfter: ids[1] } as RestoreFiles);
  await client.until(() => client.transcript().length === 2);
  await client.ended(client.say("text", "m3"));
  await client.until(() => client.transcript().length === 4);
  await client.calm();
  expect(client.live()?.forks).toEqual([{ messageId: "m3", siblings: ["m2", "m3"] }]);
  const calls = (await orderOpenCode(threadId, { order: "calls" })) as string[];
  expect(calls.filter((call) => call.endsWith("/fork"))).toHaveLength(1);
  expect(calls.filter((call) => call.includes("prompt_async")).at(-1)).toBe("POST /session/ses_2/prompt_async");
});

test("before the first message there is none, for everybody, until one is sent", async () => {
  const { threadId, client, ids } = await open();
  const [, first] = (await pointsOf(threadId)).points;
  await restore(threadId, { pointId: first?.id ?? "", goesOnAfter: null });
  await client.until(() => client.transcript().length === 0);
  await delivered(threadId);
  expect(await projected(threadId)).toEqual([]);
  await loseAgent(threadId);
  expect(await readHistory(threadId)).toEqual([]);
  const again = await ChatClient.open(threadId);
  await again.ended(again.say("text", "m3"));
  await again.until(() => again.transcript().length === 2);
  await again.calm();
  expect(again.live()?.forks).toEqual([{ messageId: "m3", siblings: [ids[0], "m3"] }]);
});

test("the conversation stays as it is where only the files go back, and where they can't", async () => {
  const { threadId, client, ids } = await open();
  const { points } = await pointsOf(threadId);
  expect((await restore(threadId, { pointId: points[1]?.id ?? "" })).status).toBe(200);
  expect(client.transcript().map(({ id }) => id)).toEqual(ids);
  const unknown = await restore(threadId, { pointId: "9".repeat(64), goesOnAfter: null });
  expect(unknown.status).toBe(404);
  const elsewhere = { pointId: points[1]?.id ?? "", goesOnAfter: "not_of_this_thread" } as unknown as RestoreFiles;
  expect((await restore(threadId, elsewhere)).status).toBe(409);
  expect(client.transcript().map(({ id }) => id)).toEqual(ids);
});

test("nothing is restored while a turn runs", async () => {
  const { threadId, client, ids } = await open();
  const [, first] = (await pointsOf(threadId)).points;
  await orderOpenCode(threadId, { order: "hold", at: midText });
  client.say("text", "m3");
  await client.until(() => client.heard() === "Hello there, this is ");
  const wish = { pointId: first?.id ?? "", goesOnAfter: ids[1] } as RestoreFiles;
  const refused = await restore(threadId, wish);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ error: { _tag: "AlreadyRunning" } });
  await orderOpenCode(threadId, { order: "hold nothing" });
  await orderOpenCode(threadId, { order: "go on" });
  await client.calm();
  expect((await restore(threadId, wish)).status).toBe(200);
});

test("points are closed to another thread's token, and what names none is refused", async () => {
  const threadId = newThreadId();
  const before = (await observe(threadId)).starts;
  for (const path of ["/points", `/points/${"0".repeat(64)}/changes`]) {
    expect((await ask(threadId, path, {}, newThreadId())).status).toBe(403);
  }
  expect((await ask(threadId, "/restores", { method: "POST", body: "{}" }, newThreadId())).status).toBe(403);
  expect((await ask(threadId, "/points/latest/changes")).status).toBe(400);
  expect((await ask(threadId, "/points?before=no/message")).status).toBe(400);
  for (const body of ["", "{}", '{"pointId":"latest"}']) {
    expect((await ask(threadId, "/restores", { method: "POST", body })).status).toBe(400);
  }
  expect((await observe(threadId)).starts).toBe(before);
});
