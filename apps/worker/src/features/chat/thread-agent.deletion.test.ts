import { runInDurableObject } from "cloudflare:test";
import { closeCode } from "@threadbox/contracts/errors";
import type { ThreadId } from "@threadbox/contracts/ids";
import { beforeAll, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { ChatClient, deleteThread } from "./chat-client.testing.ts";
import { agentOf, delivered, loadWorker } from "./thread.testing.ts";

beforeAll(loadWorker);

/** Everything that the thread's object keeps, as one text. */
const keptOf = (threadId: ThreadId): Promise<string> =>
  runInDurableObject(agentOf(threadId), async (_, { storage }) => {
    const names = storage.sql
      .exec<{ name: string }>(
        "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
      )
      .toArray();
    const rows = names.map(({ name }) => storage.sql.exec(`select * from "${name}"`).toArray());
    return JSON.stringify([rows, [...(await storage.list())]]);
  });

/** The look after the thread when so much time has gone by since it was first found missing. */
const lookLater = async (threadId: ThreadId, ms: number): Promise<void> => {
  await runInDurableObject(agentOf(threadId), (_, { storage }) => {
    storage.kv.put("lookAt", Date.now() - 1);
    if (storage.kv.get("goneSince") != null) storage.kv.put("goneSince", Date.now() - ms);
  });
  // An object that ends itself answers nobody.
  await delivered(threadId).catch(() => {});
};

test("a deleted thread takes all that was said in it along, once its deletion can't be taken back", async () => {
  const threadId = newThreadId();
  const client = await ChatClient.open(threadId);
  client.say("text");
  await client.calm();
  expect(await keptOf(threadId)).toContain("Hello there");

  await deleteThread(threadId);
  await delivered(threadId);
  await client.until(() => client.closed !== null);
  expect(client.closed?.code).toBe(closeCode.auth);
  await lookLater(threadId, 60_000);
  expect(await keptOf(threadId)).toContain("Hello there");

  await lookLater(threadId, 120_000);
  const kept = await keptOf(threadId);
  for (const trace of ["Hello there", '"text"', threadId, "answer_"]) expect(kept).not.toContain(trace);
});

test("a thread that is there keeps what was said in it, however often it is looked after", async () => {
  const threadId = newThreadId();
  const client = await ChatClient.open(threadId);
  client.say("text");
  await client.calm();
  client.close();
  for (let looks = 0; looks < 3; looks++) await lookLater(threadId, 600_000);
  expect(await keptOf(threadId)).toContain("Hello there");
});
