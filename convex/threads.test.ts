import { describe, expect, test } from "vitest";
import { api } from "./_generated/api.js";
import { asService, asUser, type Backend, backend, firstPage, messageOf, outcomeOf } from "./backend.testing.ts";

const open = async () => {
  const t = backend();
  const ada = asUser(t, "ada");
  const threadId = await ada.mutation(api.threads.create, {});
  return { t, ada, service: asService(t), threadId };
};

const titles = async (user: ReturnType<typeof asUser>, isArchived = false) => {
  const { page } = await user.query(api.threads.list, { isArchived, paginationOpts: firstPage });
  return page.map(({ title }) => title);
};

/** Threads named by their number, each of which moved last at that number of milliseconds. */
const threadsAt = async (t: Backend, times: readonly number[], isPinned = false) => {
  for (const time of times)
    await t.run(({ db }) =>
      db.insert("threads", {
        ownerId: "ada",
        title: `${time}`,
        isTitleCustom: true,
        isPinned,
        isArchived: false,
        activity: "idle",
        activitySince: 0,
        lastMessageAt: time,
        lastReadAt: 0,
      }),
    );
};

describe("the thread list", () => {
  test("shows pinned threads first and then the one that moved last", async () => {
    const t = backend();
    await threadsAt(t, [10, 40, 20]);
    await threadsAt(t, [15, 5], true);
    expect(await titles(asUser(t, "ada"))).toEqual(["15", "5", "40", "20", "10"]);
  });

  test("pages over all threads, each once, in the same order", async () => {
    const t = backend();
    await threadsAt(t, [1, 2, 3, 4, 5]);
    await threadsAt(t, [6, 7], true);
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let isDone = false; !isDone; ) {
      const found: { page: { title: string }[]; continueCursor: string; isDone: boolean } = await asUser(
        t,
        "ada",
      ).query(api.threads.list, { isArchived: false, paginationOpts: { numItems: 3, cursor } });
      seen.push(...found.page.map(({ title }) => title));
      cursor = found.continueCursor;
      isDone = found.isDone;
    }
    expect(seen).toEqual(["7", "6", "5", "4", "3", "2", "1"]);
  });

  test("gives no more than 100 threads at once, whatever is asked for", async () => {
    const t = backend();
    await threadsAt(
      t,
      Array.from({ length: 101 }, (_, index) => index),
    );
    const paginationOpts = { numItems: 5_000, cursor: null };
    const found = await asUser(t, "ada").query(api.threads.list, { isArchived: false, paginationOpts });
    expect([found.page.length, found.isDone]).toEqual([100, false]);
  });

  test("keeps archived threads apart, and brings them back", async () => {
    const { ada, threadId } = await open();
    await ada.mutation(api.threads.rename, { threadId, title: "Plans" });
    await ada.mutation(api.threads.setArchived, { threadId, isArchived: true });
    expect([await titles(ada), await titles(ada, true)]).toEqual([[], ["Plans"]]);
    await ada.mutation(api.threads.setArchived, { threadId, isArchived: false });
    expect([await titles(ada), await titles(ada, true)]).toEqual([["Plans"], []]);
  });

  test("never shows another user's threads", async () => {
    const { t } = await open();
    expect(await titles(asUser(t, "max"))).toEqual([]);
  });
});

describe("search", () => {
  test("finds every word of the text in a title, in any case and in archived threads", async () => {
    const { ada, threadId } = await open();
    await ada.mutation(api.threads.rename, { threadId, title: "Rewrite the Parser" });
    await ada.mutation(api.threads.setArchived, { threadId, isArchived: true });
    const found = async (text: string) => (await ada.query(api.threads.search, { text })).threads.length;
    expect([await found("parser REWRITE"), await found("parser lexer"), await found("  ")]).toEqual([1, 0, 0]);
  });

  test("says when older threads were not looked at", async () => {
    const t = backend();
    await threadsAt(
      t,
      Array.from({ length: 501 }, (_, index) => 1_000 + index),
    );
    const ada = asUser(t, "ada");
    expect(await ada.query(api.threads.search, { text: "1000" })).toEqual({ threads: [], isPartial: true });
  });

  test("finds nothing of another user", async () => {
    const { t, ada, threadId } = await open();
    await ada.mutation(api.threads.rename, { threadId, title: "Plans" });
    expect(await asUser(t, "max").query(api.threads.search, { text: "plans" })).toEqual({
      threads: [],
      isPartial: false,
    });
  });
});

describe("unread", () => {
  const isUnread = async (user: ReturnType<typeof asUser>, threadId: string) =>
    (await user.query(api.threads.get, { threadId })).isUnread;

  test("begins with an answer, not with the owner's own message", async () => {
    const { ada, service, threadId } = await open();
    await service.mutation(api.messages.project, messageOf(threadId));
    expect(await isUnread(ada, threadId)).toBe(false);
    const answer = messageOf(threadId, { messageId: "m1", position: 1, role: "assistant" });
    await service.mutation(api.messages.project, answer);
    expect(await isUnread(ada, threadId)).toBe(true);
  });

  test("ends when the owner looks, and a repeated delivery does not bring it back", async () => {
    const { ada, service, threadId } = await open();
    const answer = messageOf(threadId, { messageId: "m1", position: 1, role: "assistant" });
    await service.mutation(api.messages.project, answer);
    await ada.mutation(api.threads.markRead, { threadId });
    await service.mutation(api.messages.project, answer);
    expect(await isUnread(ada, threadId)).toBe(false);
  });
});

describe("the worker's view of a thread", () => {
  test("names the owner, and nobody for another user, a garbage id or a deleted thread", async () => {
    const { ada, service, threadId } = await open();
    const access = { threadId, ownerId: "ada", title: "", isArchived: false, hasOpenCode: true };
    expect(await service.query(api.threads.access, { threadId })).toEqual(access);
    expect(await service.query(api.threads.access, { threadId, userId: "ada" })).toEqual(access);
    expect(await service.query(api.threads.access, { threadId, userId: "max" })).toBeNull();
    expect(await service.query(api.threads.access, { threadId: "ws" })).toBeNull();
    await ada.mutation(api.threads.remove, { threadId });
    expect(await service.query(api.threads.access, { threadId })).toBeNull();
  });

  test("shows the turn while it runs, and late news changes nothing", async () => {
    const { ada, service, threadId } = await open();
    const report = (activity: "queued" | "running" | "settled", since: number) =>
      service.mutation(api.threads.setActivity, { threadId, activity, since, turnId: "t1", modelLabel: "Demo model" });
    const shown = async () => {
      const { activity, activeTurnId, modelLabel } = await ada.query(api.threads.get, { threadId });
      return { activity, activeTurnId, modelLabel };
    };
    expect(await report("running", 5)).toBe(true);
    expect(await shown()).toEqual({ activity: "running", activeTurnId: "t1", modelLabel: "Demo model" });
    expect(await report("queued", 5)).toBe(false);
    expect(await report("settled", 9)).toBe(true);
    expect(await report("running", 5)).toBe(false);
    expect(await shown()).toEqual({ activity: "settled", activeTurnId: undefined, modelLabel: "Demo model" });
  });
});

describe("rename", () => {
  test("refuses an empty title and one over 200 characters", async () => {
    const { ada, threadId } = await open();
    const rename = (title: string) => outcomeOf(ada.mutation(api.threads.rename, { threadId, title }));
    expect([await rename(" \u200b\n"), await rename("x".repeat(201)), await rename("😀".repeat(200))]).toEqual([
      "ValidationError",
      "ValidationError",
      "ok",
    ]);
  });
});
