import { journalLimits } from "@threadbox/contracts/journal";
import { describe, expect, test } from "vitest";
import { api } from "./_generated/api.js";
import { asService, asUser, backend, entryOf, firstPage } from "./backend.testing.ts";

const open = async () => {
  const t = backend();
  const ada = asUser(t, "ada");
  const threadId = await ada.mutation(api.threads.create, {});
  const append = (overrides: Parameters<typeof entryOf>[1]) =>
    asService(t).mutation(api.journal.append, entryOf(threadId, overrides));
  const list = async (wish: { kind?: string; numItems?: number } = {}) => {
    const { kind, numItems = 20 } = wish;
    const named = kind === undefined ? {} : { kind };
    return ada.query(api.journal.list, { threadId, ...named, paginationOpts: { ...firstPage, numItems } });
  };
  return { t, ada, threadId, append, list };
};

describe("the journal of a thread", () => {
  test("shows its owner the latest entry first, whatever the order in which they came", async () => {
    const { append, list } = await open();
    await append({ entryId: "late", at: 30 });
    await append({ entryId: "early", at: 10 });
    await append({ entryId: "between", at: 20 });
    expect((await list()).page.map(({ entryId }) => entryId)).toEqual(["late", "between", "early"]);
  });

  test("has one entry of one id: a later revision takes its place, a repeat and an older one change nothing", async () => {
    const { append, list } = await open();
    expect(await append({ revision: 2, count: 2, until: 5 })).toBe(true);
    expect(await append({ revision: 2, count: 2, until: 5 })).toBe(false);
    expect(await append({ revision: 1 })).toBe(false);
    expect(await append({ revision: 7, count: 7, until: 9 })).toBe(true);
    expect((await list()).page).toMatchObject([{ entryId: "e0", at: 1, count: 7, until: 9 }]);
  });

  test("can be read by kind, page by page", async () => {
    const { ada, threadId, append, list } = await open();
    for (let at = 0; at < 6; at += 1) {
      await append({ entryId: `e${at}`, at, kind: at % 2 === 0 ? "egress" : "lifecycle" });
    }
    const first = await list({ kind: "lifecycle", numItems: 2 });
    expect(first.page.map(({ entryId }) => entryId)).toEqual(["e5", "e3"]);
    const paginationOpts = { numItems: 2, cursor: first.continueCursor };
    const second = await ada.query(api.journal.list, { threadId, kind: "lifecycle", paginationOpts });
    expect(second.page.map(({ entryId }) => entryId)).toEqual(["e1"]);
  });

  test("keeps the newest entries, so that a program that never rests fills nothing", async () => {
    const { t, threadId, append } = await open();
    await t.run(async ({ db }) => {
      for (let at = 0; at < journalLimits.entriesMax; at += 1) {
        await db.insert("journal", { ...entryOf(threadId, { entryId: `e${at}`, at }), threadId, ordinal: at });
      }
    });
    const surplus = 6;
    for (let more = 0; more < surplus; more += 1) {
      await append({ entryId: `more${more}`, at: journalLimits.entriesMax + more });
    }
    const kept = await t.run(({ db }) => db.query("journal").collect());
    expect(kept).toHaveLength(journalLimits.entriesMax);
    expect(Math.min(...kept.map(({ at }) => at))).toBe(surplus);
  });

  test("of one thread is no other's", async () => {
    const { ada, append } = await open();
    await append({});
    const threadId = await ada.mutation(api.threads.create, {});
    expect((await ada.query(api.journal.list, { threadId, paginationOpts: firstPage })).page).toEqual([]);
  });
});
