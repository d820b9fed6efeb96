import { describe, expect, onTestFinished, test, vi } from "vitest";
import { api } from "./_generated/api.js";
import { asService, asUser, backend, outcomeOf } from "./backend.testing.ts";

const person = { name: "Ada Admin", email: "admin@threadbox.localhost" };

describe("the viewer's row", () => {
  test("is null before the first ensure and then one row, however often it is ensured", async () => {
    const t = backend();
    const ada = asUser(t, "ada", "admin");
    expect(await ada.query(api.users.me, {})).toBeNull();
    await ada.mutation(api.users.ensure, person);
    await ada.mutation(api.users.ensure, { ...person, name: "Ada" });
    expect(await ada.query(api.users.me, {})).toEqual({ ...person, userId: "ada", role: "admin", name: "Ada" });
    expect(await t.run(({ db }) => db.query("users").collect())).toHaveLength(1);
  });

  test.each([undefined, "owner", "Admin", "member"])("makes a member of whoever's token says role %j", async (role) => {
    const ensured = await asUser(backend(), "max", role).mutation(api.users.ensure, person);
    expect(ensured.role).toBe("member");
  });

  test("loses the admin role with the token that no longer says it", async () => {
    const t = backend();
    await asUser(t, "ada", "admin").mutation(api.users.ensure, person);
    await asUser(t, "ada").mutation(api.users.ensure, person);
    expect((await asUser(t, "ada").query(api.users.me, {}))?.role).toBe("member");
  });

  test("is named to an admin, once, and of nobody who has never been here", async () => {
    const t = backend();
    await asUser(t, "max").mutation(api.users.ensure, { name: "Max", email: "max@example.com" });
    const admin = asUser(t, "ada", "admin");
    const wanted = { userIds: ["max", "nobody", "max"] };
    expect(await admin.query(api.users.named, wanted)).toEqual([
      { userId: "max", name: "Max", email: "max@example.com" },
    ]);
    const tooMany = admin.query(api.users.named, { userIds: Array.from({ length: 501 }, (_, n) => `user_${n}`) });
    expect(await outcomeOf(tooMany)).toBe("ValidationError");
  });

  test("that is older than searches has stored messages seen to, once", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const t = backend();
    const ada = asUser(t, "ada");
    await t.run(({ db }) => db.insert("users", { ...person, userId: "ada", role: "member" }));
    await ada.mutation(api.users.ensure, person);
    await ada.mutation(api.users.ensure, person);
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    const scheduled = await t.run(({ db }) => db.system.query("_scheduled_functions").collect());
    expect(scheduled.map(({ name }) => name)).toEqual(["messages:fillOwners"]);
  });

  test("refuses a name that is a book", async () => {
    const call = asUser(backend(), "max").mutation(api.users.ensure, { ...person, name: "x".repeat(321) });
    expect(await outcomeOf(call)).toBe("ValidationError");
  });
});

describe("OpenCode's own page", () => {
  const begin = async () => {
    const t = backend();
    const ada = asUser(t, "ada");
    await ada.mutation(api.users.ensure, person);
    const threadId = await ada.mutation(api.threads.create, {});
    const other = await ada.mutation(api.threads.create, {});
    const may = async (id: string) =>
      (await asService(t).query(api.threads.access, { threadId: id, userId: "ada" }))?.hasOpenCode;
    return { ada, threadId, may: async () => [await may(threadId), await may(other)] };
  };

  test("is on everywhere unless somebody turns it off", async () => {
    const { ada, threadId, may } = await begin();
    expect(await may()).toEqual([true, true]);
    expect(await ada.query(api.threads.get, { threadId })).not.toHaveProperty("isOpenCodeOff");
  });

  test("is turned off and on again in one thread", async () => {
    const { ada, threadId, may } = await begin();
    await ada.mutation(api.threads.setOpenCode, { threadId, isOn: false });
    expect(await may()).toEqual([false, true]);
    expect(await ada.query(api.threads.get, { threadId })).toMatchObject({ isOpenCodeOff: true });
    await ada.mutation(api.threads.setOpenCode, { threadId, isOn: true });
    expect(await may()).toEqual([true, true]);
  });

  test("is turned off for a user in every thread, and stays so when the row is brought up to date", async () => {
    const { ada, may } = await begin();
    await ada.mutation(api.users.setOpenCode, { isOn: false });
    expect(await ada.mutation(api.users.ensure, { ...person, name: "Ada" })).toMatchObject({ isOpenCodeOff: true });
    expect(await may()).toEqual([false, false]);
    expect(await ada.query(api.users.me, {})).toMatchObject({ name: "Ada", isOpenCodeOff: true });
    await ada.mutation(api.users.setOpenCode, { isOn: true });
    expect(await may()).toEqual([true, true]);
  });
});
