import { projectedPartsBytesMax } from "@threadbox/contracts/limits";
import { describe, expect, test, vi } from "vitest";
import { api } from "./_generated/api.js";
import { asService, asUser, backend, firstPage, messageOf, outcomeOf } from "./backend.testing.ts";

const open = async () => {
  const t = backend();
  const ada = asUser(t, "ada");
  const service = asService(t);
  const threadId = await ada.mutation(api.threads.create, {});
  const project = (overrides: Parameters<typeof messageOf>[1] = {}) =>
    service.mutation(api.messages.project, messageOf(threadId, overrides));
  const stored = async () => {
    const { page } = await ada.query(api.messages.list, { threadId, paginationOpts: firstPage });
    return page.map(({ messageId, text }) => `${messageId} ${text}`);
  };
  const thread = () => ada.query(api.threads.get, { threadId });
  return { t, ada, service, threadId, project, stored, thread };
};

describe("a projected message", () => {
  test("reaches its owner whole", async () => {
    const { ada, threadId, project } = await open();
    const metadata = { turnId: "t1", state: "settled", startedAt: 1, endedAt: 2 } as const;
    await project({ role: "assistant", metadata });
    const { page } = await ada.query(api.messages.list, { threadId, paginationOpts: firstPage });
    const { threadId: _, ...content } = messageOf(threadId, { role: "assistant" });
    expect(page).toEqual([{ ...content, metadata, parentId: null }]);
  });

  test("is stored once however often it is delivered", async () => {
    const { project, stored } = await open();
    expect([await project(), await project(), await project()]).toEqual([true, false, false]);
    expect(await stored()).toEqual(["m0 hello"]);
  });

  test("replaces its older edition, and whatever else held its position", async () => {
    const { project, stored } = await open();
    await project();
    await project({ text: "hello again" });
    expect(await stored()).toEqual(["m0 hello again"]);
    await project({ messageId: "m9", text: "instead" });
    expect(await stored()).toEqual(["m9 instead"]);
  });

  test("of a numbered outbox row that was applied before changes nothing, even after later rows", async () => {
    const { service, threadId, project, stored } = await open();
    await project({ sequence: 1 });
    await project({ messageId: "m1", position: 1, text: "old answer", sequence: 2 });
    await service.mutation(api.messages.truncate, { threadId, fromPosition: 1, sequence: 3 });
    await project({ messageId: "m2", position: 1, text: "new answer", sequence: 4 });
    expect(await project({ messageId: "m1", position: 1, text: "old answer", sequence: 2 })).toBe(false);
    expect(await service.mutation(api.messages.truncate, { threadId, fromPosition: 1, sequence: 3 })).toBe(false);
    expect(await stored()).toEqual(["m2 new answer", "m0 hello"]);
  });

  test("moves the thread forward in time, never back and never into the future", async () => {
    vi.useFakeTimers({ now: 5_000 });
    const { project, thread } = await open();
    vi.setSystemTime(20_000);
    await project({ createdAt: 9_000 });
    expect((await thread()).lastMessageAt).toBe(9_000);
    await project({ messageId: "m1", position: 1, createdAt: 6_000 });
    expect((await thread()).lastMessageAt).toBe(9_000);
    await project({ messageId: "m2", position: 2, createdAt: 9e15 });
    expect((await thread()).lastMessageAt).toBe(20_000);
    vi.useRealTimers();
  });

  test("is refused when it cannot be kept whole", async () => {
    const { project } = await open();
    expect(await outcomeOf(project({ parts: "é".repeat(projectedPartsBytesMax / 2) }))).toBe("ok");
    expect(await outcomeOf(project({ parts: `${"é".repeat(projectedPartsBytesMax / 2)}x` }))).toBe("BodyTooLarge");
    expect(await outcomeOf(project({ position: -1 }))).toBe("ValidationError");
    expect(await outcomeOf(project({ position: 0.5 }))).toBe("ValidationError");
  });
});

describe("the title of a thread", () => {
  test("is the first line of its first message until the owner chooses one", async () => {
    const { ada, threadId, project, thread } = await open();
    await project({ text: "\n  Fix the parser\nand the lexer" });
    expect(await thread()).toMatchObject({ title: "Fix the parser", isTitleCustom: false });
    await ada.mutation(api.threads.rename, { threadId, title: "Parser" });
    await project({ text: "Something else" });
    expect(await thread()).toMatchObject({ title: "Parser", isTitleCustom: true });
  });

  test("is not taken from answers or later messages", async () => {
    const { project, thread } = await open();
    await project({ messageId: "m1", position: 1, role: "assistant", text: "Sure." });
    expect((await thread()).title).toBe("");
    await project({ text: "First" });
    await project({ messageId: "m2", position: 2, text: "Second" });
    expect((await thread()).title).toBe("First");
  });

  test("follows the first message when it is edited", async () => {
    const { service, threadId, project, thread } = await open();
    await project({ text: "Frist" });
    await service.mutation(api.messages.truncate, { threadId, fromPosition: 0 });
    await project({ messageId: "m1", text: "First" });
    expect((await thread()).title).toBe("First");
  });
});

describe("the branches of a thread", () => {
  const at = (position: number, messageId: string, parentId: string | null) => ({ messageId, position, parentId });
  const forked = async () => {
    const opened = await open();
    for (const message of [at(0, "q1", null), at(1, "a1", "q1"), at(2, "q2", "a1"), at(3, "a2", "q2")])
      await opened.project(message);
    await opened.project(at(4, "q2b", "a1"));
    await opened.project(at(5, "a2b", "q2b"));
    const { ada, service, threadId } = opened;
    const shown = async () => {
      const { page } = await ada.query(api.messages.list, { threadId, paginationOpts: firstPage });
      return page.toReversed().map(({ messageId, siblingIds = [] }) => [messageId, ...siblingIds].join(" "));
    };
    const select = (leafId: string, sequence?: number) =>
      service.mutation(api.messages.select, { threadId, leafId, ...(sequence === undefined ? {} : { sequence }) });
    return { ...opened, shown, select };
  };

  test("are shown one at a time, each message with its siblings", async () => {
    const { shown, select } = await forked();
    expect(await shown()).toEqual(["q1", "a1", "q2b q2 q2b", "a2b"]);
    expect(await select("a2")).toBe(true);
    expect(await shown()).toEqual(["q1", "a1", "q2 q2 q2b", "a2"]);
    expect(await select("a2")).toBe(false);
  });

  test("stay selected when an older report arrives late, or one of a message that is not there", async () => {
    const { shown, select, project } = await forked();
    await select("a2", 7);
    expect(await select("a2b", 6)).toBe(false);
    expect(await select("nowhere", 8)).toBe(false);
    expect(await project({ ...at(5, "a2b", "q2b"), sequence: 5 })).toBe(false);
    expect(await shown()).toEqual(["q1", "a1", "q2 q2 q2b", "a2"]);
  });

  test("may end before the first message, until one is shown again", async () => {
    const { shown, select, project } = await forked();
    expect(await select("")).toBe(true);
    expect(await shown()).toEqual([]);
    await project(at(6, "q1b", null));
    expect(await shown()).toEqual(["q1b q1 q1b"]);
  });

  test("are read page by page along the branch", async () => {
    const { ada, threadId, select } = await forked();
    await select("a2");
    const read = (cursor: string | null) =>
      ada.query(api.messages.list, { threadId, paginationOpts: { numItems: 3, cursor } });
    const newest = await read(null);
    const rest = await read(newest.continueCursor);
    expect([newest, rest].map(({ page }) => page.map(({ messageId }) => messageId))).toEqual([
      ["a2", "q2", "a1"],
      ["q1"],
    ]);
    expect([newest.isDone, rest.isDone]).toEqual([false, true]);
  });

  test("begin at messages from before there were any, which follow one another as they were made", async () => {
    const { project, ada, threadId } = await open();
    for (const [position, messageId] of ["q1", "a1", "q2", "a2"].entries()) await project({ messageId, position });
    const shown = async () => {
      const { page } = await ada.query(api.messages.list, { threadId, paginationOpts: firstPage });
      return page.toReversed().map(({ messageId, siblingIds = [] }) => [messageId, ...siblingIds].join(" "));
    };
    expect(await shown()).toEqual(["q1", "a1", "q2", "a2"]);
    await project(at(4, "q3", "a2"));
    expect(await shown()).toEqual(["q1", "a1", "q2", "a2", "q3"]);
    await project(at(5, "q2b", "a1"));
    expect(await shown()).toEqual(["q1", "a1", "q2b q2 q2b"]);
    await project(at(6, "q1b", null));
    expect(await shown()).toEqual(["q1b q1 q1b"]);
  });

  test("name the thread after its first message, also when that is edited", async () => {
    const { project, thread } = await open();
    await project({ ...at(0, "q1", null), text: "Frist" });
    await project({ ...at(1, "q2", "q1"), text: "Second" });
    await project({ ...at(2, "q1b", null), text: "First" });
    expect((await thread()).title).toBe("First");
  });
});

describe("the list of messages", () => {
  test("pages from the newest back to the first", async () => {
    const { ada, threadId, project } = await open();
    for (const position of [0, 1, 2]) await project({ messageId: `m${position}`, position });
    const newest = await ada.query(api.messages.list, { threadId, paginationOpts: { numItems: 2, cursor: null } });
    expect(newest.page.map(({ position }) => position)).toEqual([2, 1]);
    const rest = await ada.query(api.messages.list, {
      threadId,
      paginationOpts: { numItems: 2, cursor: newest.continueCursor },
    });
    expect([rest.page.map(({ position }) => position), rest.isDone]).toEqual([[0], true]);
  });

  test("after a truncation holds what came before it, however much followed", async () => {
    vi.useFakeTimers();
    const { t, service, threadId, project, stored } = await open();
    for (let position = 0; position < 450; position += 1) await project({ messageId: `m${position}`, position });
    vi.advanceTimersByTime(1_000);
    await service.mutation(api.messages.truncate, { threadId, fromPosition: 1 });
    await project({ messageId: "new", position: 1, text: "kept" });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await stored()).toEqual(["new kept", "m0 hello"]);
    vi.useRealTimers();
  });
});
