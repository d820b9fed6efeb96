import { describe, expect, test } from "vitest";
import { memoryKeyValue } from "./key-value.testing.ts";
import { Outbox } from "./outbox.ts";

const message = (id: string) => ({ id, text: `text ${id}`, createdAt: 1 });
const states = (outbox: Outbox, threadId = "t") => outbox.list(threadId).map(({ id, state }) => `${id} ${state}`);

describe("the outbox", () => {
  test("a message is kept on disk until the server confirms it", async () => {
    const store = memoryKeyValue<unknown>();
    const outbox = new Outbox(store);
    outbox.add("t", message("1"));
    outbox.markSending("t", "1");
    expect(store.map.get("t")).toHaveLength(1);
    outbox.remove("t", new Set(["1"]));
    expect(store.map.has("t")).toBe(false);
  });

  test("what a closed tab left is sent by the next one, before what is new", async () => {
    const { map } = memoryKeyValue<unknown>();
    const before = new Outbox(memoryKeyValue(map));
    before.add("t", message("1"));
    before.markSending("t", "1");
    const after = new Outbox(memoryKeyValue(map));
    after.add("t", message("2"));
    map.set("t", before.list("t"));
    await after.load("t");
    expect(states(after)).toEqual(["1 waiting", "2 waiting"]);
  });

  test("a lost connection sends again what was on its way, and nothing that failed", () => {
    const outbox = new Outbox(memoryKeyValue());
    for (const id of ["1", "2", "3"]) outbox.add("t", message(id));
    outbox.markSending("t", "1");
    outbox.markFailed("t", "2", { tag: "RateLimited", message: "Slow down." });
    outbox.rewind("t");
    expect(states(outbox)).toEqual(["1 waiting", "2 failed", "3 waiting"]);
  });

  test("a retried message carries no old failure", () => {
    const outbox = new Outbox(memoryKeyValue());
    outbox.add("t", message("1"));
    outbox.markFailed("t", "1", { tag: "Internal", message: "x" });
    outbox.retry("t", "1");
    expect(outbox.list("t")[0]).toEqual({ ...message("1"), state: "waiting" });
  });

  test("whoever watches is told of every change, and sees the same array without one", () => {
    const outbox = new Outbox(memoryKeyValue());
    let calls = 0;
    const stop = outbox.subscribe(() => {
      calls += 1;
    });
    outbox.add("t", message("1"));
    const seen = outbox.list("t");
    outbox.rewind("t");
    outbox.remove("t", new Set(["other"]));
    expect(outbox.list("t")).toBe(seen);
    stop();
    outbox.remove("t", new Set(["1"]));
    expect(calls).toBe(1);
  });

  test("a thread is pending until its last message is confirmed or has failed, also after a reload", async () => {
    const store = memoryKeyValue<unknown>();
    const before = new Outbox(store);
    before.add("a", message("1"));
    before.add("b", message("2"));
    before.markSending("b", "2");
    const pending = before.pendingThreads();
    expect(pending).toEqual(["a", "b"]);
    before.rewind("b");
    expect(before.pendingThreads()).toBe(pending);

    const after = new Outbox(memoryKeyValue(store.map));
    expect(after.pendingThreads()).toEqual([]);
    await after.loadAll();
    expect(after.pendingThreads()).toEqual(["a", "b"]);
    after.remove("a", new Set(["1"]));
    expect(after.pendingThreads()).toEqual(["b"]);
    after.markFailed("b", "2", { tag: "Internal", message: "x" });
    expect(after.pendingThreads()).toEqual([]);
    after.retry("b", "2");
    expect(after.pendingThreads()).toEqual(["b"]);
  });

  test("threads do not see each other's messages", () => {
    const outbox = new Outbox(memoryKeyValue());
    outbox.add("a", message("1"));
    expect(outbox.list("b")).toEqual([]);
  });
});
