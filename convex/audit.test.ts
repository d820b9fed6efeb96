import type { FunctionArgs } from "convex/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "./_generated/api.js";
import { asService, asUser, type Backend, backend, firstPage, sandboxOf } from "./backend.testing.ts";

const dayMs = 24 * 60 * 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const rowsOf = (t: Backend) => t.run(({ db }) => db.query("audit").collect());
const listOf = async (t: Backend, user: string) =>
  (await asUser(t, user).query(api.audit.list, { paginationOpts: firstPage })).page;
const deedsOf = async (t: Backend, user: string) => (await listOf(t, user)).map(({ action, count }) => [action, count]);

type Row = FunctionArgs<typeof api.audit.append>;
const rowOf = (auditId: string, more: Partial<Row> = {}): Row => ({
  auditId,
  at: Date.now(),
  actorId: "ada",
  action: "sandbox.restarted",
  outcome: "succeeded",
  ...more,
});
const append = (t: Backend, row: Row) => asService(t).mutation(api.audit.append, row);

describe("an audit row", () => {
  test("is added once and never changed by a second append", async () => {
    const t = backend();
    const row = rowOf("a1");
    expect([await append(t, row), await append(t, { ...row, action: "thread.deleted" })]).toEqual([true, false]);
    expect(await rowsOf(t)).toMatchObject([row]);
  });

  test("of refusals that are alike counts up, never down, and keeps everything else as it was first told", async () => {
    const t = backend();
    const first = rowOf("r1", { action: "request.refused", outcome: "refused", tag: "RateLimited", requestId: "q1" });
    const told = [1, 4, 2, 4, 8].map((count) => ({ ...first, count, requestId: `q${count}`, at: first.at + count }));
    const answers: boolean[] = [];
    for (const row of told) answers.push(await append(t, row));
    expect(answers).toEqual([true, true, false, false, true]);
    expect(await rowsOf(t)).toMatchObject([{ ...told[0], count: 8 }]);
    expect(await rowsOf(t)).toHaveLength(1);
  });

  test("goes after 90 days, and not before", async () => {
    const t = backend();
    for (const auditId of ["a1", "a2", "a3"]) await append(t, rowOf(auditId));
    vi.setSystemTime(Date.now() + 90 * dayMs);
    await append(t, rowOf("b1"));
    expect(await rowsOf(t)).toHaveLength(4);
    vi.setSystemTime(Date.now() + 1);
    await append(t, rowOf("b2"));
    expect((await rowsOf(t)).map(({ auditId }) => auditId)).toEqual(["b1", "b2"]);
  });
});

describe("what a user reads of the audit", () => {
  test("is what happened in their own name, newest first, and nothing of nobody's", async () => {
    const t = backend();
    await append(t, rowOf("a1", { at: 1, threadId: "t1", requestId: "q1" }));
    await append(
      t,
      rowOf("a2", { at: 3, action: "request.refused", outcome: "refused", tag: "RateLimited", count: 2 }),
    );
    await append(t, rowOf("m1", { at: 2, actorId: "max" }));
    const { actorId: _, ...nobody } = rowOf("n1", {
      action: "request.refused",
      outcome: "refused",
      tag: "TokenInvalid",
    });
    await append(t, nobody);
    expect(await listOf(t, "ada")).toEqual([
      { at: 3, action: "request.refused", outcome: "refused", tag: "RateLimited", count: 2 },
      { at: 1, action: "sandbox.restarted", outcome: "succeeded", count: 1, threadId: "t1", requestId: "q1" },
    ]);
    expect(await listOf(t, "max")).toHaveLength(1);
    expect(await listOf(t, "eve")).toEqual([]);
  });
});

describe("what is written down of a user's deeds", () => {
  test("a thread that is deleted and brought back; again within a minute it is the same row", async () => {
    const t = backend();
    const ada = asUser(t, "ada");
    const threadId = await ada.mutation(api.threads.create, {});
    for (let n = 0; n < 3; n++) {
      await ada.mutation(api.threads.remove, { threadId });
      vi.setSystemTime(Date.now() + 5_000);
      await ada.mutation(api.threads.restore, { threadId });
    }
    await ada.mutation(api.threads.restore, { threadId });
    expect(await deedsOf(t, "ada")).toEqual([
      ["thread.restored", 3],
      ["thread.deleted", 3],
    ]);
    vi.setSystemTime(Date.now() + 60_000);
    await ada.mutation(api.threads.remove, { threadId });
    expect((await deedsOf(t, "ada"))[0]).toEqual(["thread.deleted", 1]);
    expect((await listOf(t, "ada")).every((row) => row.threadId === threadId)).toBe(true);
  });

  test("the first time they come, and a role that changes; not what they are called", async () => {
    const t = backend();
    const ensure = (name: string, role?: string) =>
      asUser(t, "ada", role).mutation(api.users.ensure, { name, email: "ada@example.com" });
    await ensure("Ada");
    await ensure("Countess Ada");
    await ensure("Countess Ada", "admin");
    expect((await listOf(t, "ada")).map(({ action, reason }) => [action, reason])).toEqual([
      ["user.role_changed", "The role is now admin."],
      ["user.joined", undefined],
    ]);
    expect(JSON.stringify(await rowsOf(t))).not.toMatch(/Countess|example/);
  });

  test("each start, failure and end of a sandbox, once a generation, in the name of the thread's owner", async () => {
    const t = backend();
    const threadId = await asUser(t, "ada").mutation(api.threads.create, {});
    const states = [
      ["starting", 1],
      ["ready", 1],
      ["busy", 1],
      ["ready", 1],
      ["asleep", 1],
      ["busy", 2],
      ["failed", 2],
      ["ready", 3],
      ["destroyed", 3],
    ] as const;
    for (const [since, [status, generation]] of states.entries()) {
      const report = { ...sandboxOf(threadId, { since, generation, reason: `Now ${status}.` }), status };
      await asService(t).mutation(api.sandboxes.report, report);
      await asService(t).mutation(api.sandboxes.report, report);
    }
    expect((await listOf(t, "ada")).map((row) => [row.at, row.action, row.outcome, row.reason])).toEqual([
      [8, "sandbox.destroyed", "succeeded", undefined],
      [7, "sandbox.started", "succeeded", undefined],
      [6, "sandbox.failed", "failed", "Now failed."],
      [5, "sandbox.started", "succeeded", undefined],
      [1, "sandbox.started", "succeeded", undefined],
    ]);
  });
});

describe("an admin", () => {
  test("sees what happened in everybody's name and in nobody's, newest first, page by page", async () => {
    const t = backend();
    const { actorId, ...nobodys } = rowOf("c1");
    for (const row of [rowOf("a1"), rowOf("b1", { actorId: "max" }), nobodys]) await append(t, row);
    const read = (cursor: string | null) =>
      asUser(t, "root", "admin").query(api.audit.listAll, { paginationOpts: { numItems: 2, cursor } });
    const first = await read(null);
    const second = await read(first.continueCursor);
    expect(first.page.map((row) => row.actorId)).toEqual([undefined, "max"]);
    expect(second.page.map((row) => row.actorId)).toEqual([actorId]);
  });
});
