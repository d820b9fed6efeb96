import { describe, expect, test } from "vitest";
import { api } from "./_generated/api.js";
import { asService, asUser, backend, sandboxOf } from "./backend.testing.ts";

const open = async () => {
  const t = backend();
  const ada = asUser(t, "ada");
  const threadId = await ada.mutation(api.threads.create, {});
  const report = (overrides: Parameters<typeof sandboxOf>[1]) =>
    asService(t).mutation(api.sandboxes.report, sandboxOf(threadId, overrides));
  return { t, threadId, report, shown: () => ada.query(api.sandboxes.get, { threadId }) };
};

describe("the sandbox of a thread", () => {
  test("is null until one was needed", async () => {
    expect(await (await open()).shown()).toBeNull();
  });

  test("shows the newest report", async () => {
    const { threadId, report, shown } = await open();
    await report({ reason: "Starting the jail." });
    await report({ reason: "Starting OpenCode." });
    expect(await shown()).toEqual(sandboxOf(threadId, { reason: "Starting OpenCode." }));
  });

  test("ignores an older generation, and an earlier moment of the same one", async () => {
    const { report, shown } = await open();
    expect(await report({ generation: 2, since: 50 })).toBe(true);
    expect(await report({ generation: 1, since: 90 })).toBe(false);
    expect(await report({ generation: 2, since: 40 })).toBe(false);
    expect(await shown()).toMatchObject({ generation: 2, since: 50 });
    expect(await report({ generation: 3, since: 10 })).toBe(true);
    expect(await shown()).toMatchObject({ generation: 3, since: 10 });
  });
});

describe("the saves of a sandbox", () => {
  test("are shown as they were told last, and an older word of them changes nothing", async () => {
    const { report, shown } = await open();
    await report({ saves: { revision: 5, savingSince: 5 } });
    await report({ saves: { revision: 7, savedAt: 5 } });
    expect(await report({ saves: { revision: 5, savingSince: 5 } })).toBe(false);
    expect(await report({})).toBe(false);
    expect(await shown()).toMatchObject({ saves: { revision: 7, savedAt: 5 } });
  });
});

describe("the sandboxes that run", () => {
  test("are shown to an admin with their owners, and name nothing of the threads", async () => {
    const { t, threadId, report } = await open();
    await asUser(t, "ada").mutation(api.users.ensure, { name: "Ada", email: "ada@example.com" });
    await report({ status: "busy" });
    const shown = await asUser(t, "root", "admin").query(api.sandboxes.listRunning, {});
    expect(shown).toEqual([
      { ...sandboxOf(threadId, { status: "busy" }), owner: { name: "Ada", email: "ada@example.com" } },
    ]);
    expect(await asService(t).query(api.sandboxes.running, {})).toEqual([threadId]);
  });

  test.each(["asleep", "failed", "destroyed"] as const)("are without one that is %s", async (status) => {
    const { t, report } = await open();
    await report({ status: "ready" });
    await report({ status, since: 1_000 });
    expect(await asService(t).query(api.sandboxes.running, {})).toEqual([]);
  });
});
