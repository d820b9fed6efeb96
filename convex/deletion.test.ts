import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "./_generated/api.js";
import {
  asService,
  asUser,
  type Backend,
  backend,
  entryOf,
  messageOf,
  outcomeOf,
  sandboxOf,
} from "./backend.testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const open = async () => {
  const t = backend();
  const ada = asUser(t, "ada");
  const service = asService(t);
  const threadId = await ada.mutation(api.threads.create, {});
  await service.mutation(api.messages.project, messageOf(threadId));
  await service.mutation(api.sandboxes.report, sandboxOf(threadId));
  await service.mutation(api.journal.append, entryOf(threadId));
  return { t, ada, service, threadId };
};

const pass = async (t: Backend, ms: number) => {
  vi.advanceTimersByTime(ms);
  await t.finishInProgressScheduledFunctions();
};

const rowCounts = (t: Backend) =>
  t.run(async ({ db }) => ({
    threads: (await db.query("threads").collect()).length,
    messages: (await db.query("messages").collect()).length,
    forks: (await db.query("forks").collect()).length,
    sandboxes: (await db.query("sandboxes").collect()).length,
    journal: (await db.query("journal").collect()).length,
  }));

describe("a deleted thread", () => {
  test("is hidden at once and loses nothing when it is restored in time", async () => {
    const { t, ada, threadId } = await open();
    const before = await ada.query(api.threads.get, { threadId });
    await ada.mutation(api.threads.remove, { threadId });
    expect(await outcomeOf(ada.query(api.threads.get, { threadId }))).toBe("NotFound");
    await pass(t, 29_000);
    await ada.mutation(api.threads.restore, { threadId });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await ada.query(api.threads.get, { threadId })).toEqual(before);
    expect(await rowCounts(t)).toEqual({ threads: 1, messages: 1, forks: 0, sandboxes: 1, journal: 1 });
  });

  test("is gone 30 seconds later with its messages, its sandbox and its journal, and nothing brings it back", async () => {
    const { t, ada, service, threadId } = await open();
    const edited = messageOf(threadId, { messageId: "m0b", position: 1, parentId: null });
    await service.mutation(api.messages.project, edited);
    expect((await rowCounts(t)).forks).toBe(1);
    await ada.mutation(api.threads.remove, { threadId });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await rowCounts(t)).toEqual({ threads: 0, messages: 0, forks: 0, sandboxes: 0, journal: 0 });
    expect(await outcomeOf(ada.mutation(api.threads.restore, { threadId }))).toBe("NotFound");
    expect(await service.mutation(api.messages.project, messageOf(threadId))).toBe(false);
    expect(await service.mutation(api.sandboxes.report, sandboxOf(threadId))).toBe(false);
    expect(await service.mutation(api.journal.append, entryOf(threadId))).toBe(false);
    expect(await rowCounts(t)).toEqual({ threads: 0, messages: 0, forks: 0, sandboxes: 0, journal: 0 });
  });

  test("keeps its 30 seconds when it was restored and deleted again", async () => {
    const { t, ada, threadId } = await open();
    await ada.mutation(api.threads.remove, { threadId });
    await pass(t, 20_000);
    await ada.mutation(api.threads.restore, { threadId });
    await ada.mutation(api.threads.remove, { threadId });
    await pass(t, 15_000);
    expect((await rowCounts(t)).threads).toBe(1);
    await ada.mutation(api.threads.restore, { threadId });
    expect(await outcomeOf(ada.query(api.threads.get, { threadId }))).toBe("ok");
  });

  test("takes along all its messages when there are more than one step removes", async () => {
    const { t, ada, service, threadId } = await open();
    for (let position = 1; position < 450; position += 1)
      await service.mutation(api.messages.project, messageOf(threadId, { messageId: `m${position}`, position }));
    const kept = await ada.mutation(api.threads.create, {});
    await service.mutation(api.messages.project, messageOf(kept));
    await ada.mutation(api.threads.remove, { threadId });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await rowCounts(t)).toEqual({ threads: 1, messages: 1, forks: 0, sandboxes: 0, journal: 0 });
  });
});
