import { runInDurableObject } from "cloudflare:test";
import type { UIMessageChunk } from "ai";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { ChatClient, orderOpenCode } from "./chat-client.testing.ts";
import { agentOf, midText } from "./thread.testing.ts";
import { ToldLog } from "./told-log.ts";

const piece = (delta: string): UIMessageChunk => ({ type: "text-delta", id: "p1", delta });

/** A log in the storage of an object that nobody else uses. */
const inLog = <A>(use: (log: ToldLog) => A): Promise<A> =>
  runInDurableObject(agentOf(newThreadId()), (_, { storage }) => use(new ToldLog(storage.sql)));

describe("what was told of a turn", () => {
  test("is read as it was told, however long and wherever a row ends", async () => {
    const told = [piece("a"), piece("🙂".repeat(400_000)), piece("line\nline")];
    const read = await inLog((log) => {
      log.note(told);
      log.keep("t1", 0);
      return log.read("t1");
    });
    expect(read).toEqual(told);
  });

  test("is not made less by a telling that was cut short at its beginning", async () => {
    const read = await inLog((log) => {
      log.note([piece("one "), piece("two ")]);
      log.keep("t1", 0);
      log.note([piece("one ")]);
      log.keep("t1", 1);
      return [log.read("t1"), log.read("t2")];
    });
    expect(read).toEqual([[piece("one "), piece("two ")], []]);
  });

  test("is durable within half a second, and gone when the turn has ended", async () => {
    const threadId = newThreadId();
    const rows = () =>
      runInDurableObject(agentOf(threadId), (_, { storage }) => storage.sql.exec("select text from told").toArray());
    await orderOpenCode(threadId, { order: "hold", at: midText });
    const client = await ChatClient.open(threadId);
    client.say("text");
    await expect.poll(async () => JSON.stringify(await rows())).toContain("is ");
    await orderOpenCode(threadId, { order: "go on" });
    await client.calm();
    expect(await rows()).toEqual([]);
  });
});
