import { exports } from "cloudflare:workers";
import type { ThreadId } from "@threadbox/contracts/ids";
import type { ThreadPoints } from "@threadbox/contracts/points";
import { beforeAll, expect, test } from "vitest";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { ChatClient, orderOpenCode, readHistory } from "./chat-client.testing.ts";
import { delivered, loadWorker, midText, projected } from "./thread.testing.ts";

beforeAll(loadWorker);

const ask = async (threadId: ThreadId, path: string, init: RequestInit = {}, by: ThreadId = threadId) =>
  exports.default.fetch(`http://worker.test/api/sandbox/${threadId}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${await signToken(by)}`, origin: testBindings.APP_ORIGIN },
  });
const begin = (threadId: ThreadId, wish: object, by?: ThreadId) =>
  ask(threadId, "/offshoots", { method: "POST", body: JSON.stringify(wish) }, by);
const pointsOf = async (threadId: ThreadId): Promise<ThreadPoints> => (await ask(threadId, "/points")).json();

/** A thread of two turns, each of which was saved. */
const open = async () => {
  const threadId = newThreadId();
  const client = await ChatClient.open(threadId);
  for (const [at, text] of ["text", "reasoning"].entries()) {
    await client.ended(client.say(text, `m${at + 1}`));
    await client.calm();
    await expect.poll(async () => (await pointsOf(threadId)).points.length).toBe(at + 1);
  }
  return { threadId, client, ids: client.transcript().map(({ id }) => id) };
};

test("a new thread begins with the conversation up to an answer, goes on from there, and the other stays as it is", async () => {
  const { threadId, client, ids } = await open();
  const newId = newThreadId();
  expect((await begin(threadId, { threadId: newId, after: ids[1] })).status).toBe(200);
  expect((await readHistory(newId)).map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const page = await ChatClient.open(newId);
  await page.until(() => page.transcript().length === 2);
  expect(page.transcript()).toEqual(client.transcript().slice(0, 2));
  // The session that held it is looked for before the first message, and goes on where the files have it.
  const calls = () => orderOpenCode(newId, { order: "calls" }).catch(() => null);
  await expect.poll(calls).toEqual(expect.arrayContaining([expect.stringMatching(/^GET \/session\/ses_1$/)]));
  await page.ended(page.say("text", "f1"));
  await page.until(() => page.transcript().length === 4);
  await page.calm();
  await delivered(newId);
  const rows = await projected(newId);
  expect(rows.map(({ id, position }) => [id, position])).toEqual(page.transcript().map(({ id }, at) => [id, at]));
  expect(rows.slice(0, 2)).toEqual((await projected(threadId)).slice(0, 2));
  expect((await readHistory(threadId)).map(({ id }) => id)).toEqual(ids);
  expect(client.transcript().map(({ id }) => id)).toEqual(ids);
});

test("a new thread may begin with a point's files, and no conversation", async () => {
  const { threadId } = await open();
  const [, first] = (await pointsOf(threadId)).points;
  const newId = newThreadId();
  expect((await begin(threadId, { threadId: newId, after: null, pointId: first?.id })).status).toBe(200);
  expect(await readHistory(newId)).toEqual([]);
});

test("a thread begins once, and with what is there and settled alone", async () => {
  const { threadId, client, ids } = await open();
  const refusal = async (wish: object, by?: ThreadId) => {
    const answer = await begin(threadId, wish, by);
    const { error } = (await answer.json()) as { error: { _tag: string; message: string } };
    return `${error._tag}: ${error.message}`;
  };
  const unknown = { threadId: newThreadId(), after: "m9" };
  expect(await refusal(unknown)).toMatch(/^NotFound: The files of this moment aren't saved/);
  const { points } = await pointsOf(threadId);
  const pointId = points[0]?.id;
  expect(await refusal({ ...unknown, pointId })).toMatch(/^Conflict: This answer is no longer in the thread/);
  expect(await refusal({ ...unknown, after: null, pointId: "9".repeat(64) })).toBe(
    "NotFound: This point isn't kept any more.",
  );
  expect(await refusal({ threadId, after: ids[1] })).toMatch(/^NotFound: There is no such thread/);
  expect(await refusal({ after: ids[1] })).toMatch(/^ValidationError/);
  const newId = newThreadId();
  expect((await begin(threadId, { threadId: newId, after: ids[1] }, newThreadId())).status).toBe(403);
  // The other has begun.
  const { threadId: begun } = await open();
  expect(await refusal({ threadId: begun, after: ids[1] })).toBe("VersionConflict: This thread has begun already.");
  await orderOpenCode(threadId, { order: "hold", at: midText });
  client.say("text", "m3");
  await client.until(() => client.heard() === "Hello there, this is ");
  const running = client.transcript().at(-1)?.id;
  expect(await refusal({ threadId: newId, after: running, pointId })).toMatch(/^Conflict/);
  // What runs is no part of what came before.
  expect((await begin(threadId, { threadId: newId, after: ids[3] })).status).toBe(200);
  expect((await readHistory(newId)).map(({ id }) => id)).toEqual(ids);
  await orderOpenCode(threadId, { order: "hold nothing" });
  await orderOpenCode(threadId, { order: "go on" });
  await client.calm();
});
