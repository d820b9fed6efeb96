import { expect, test } from "vitest";
import { api } from "./_generated/api.js";
import { asService, asUser, backend, firstPage } from "./backend.testing.ts";

const open = async () => {
  const t = backend();
  const service = asService(t);
  const name = { sandboxId: "test-1", ownerId: "ada" };
  const create = (more: Partial<typeof name> = {}) => service.mutation(api.threads.createNamed, { ...name, ...more });
  const find = (sandboxId = "test-1") => service.query(api.threads.named, { sandboxId });
  expect(await create()).toBe(true);
  const threadId = (await find())?.threadId;
  if (threadId === undefined) throw new Error("There is no thread.");
  return { ada: asUser(t, "ada"), service, create, find, threadId };
};

test("a thread that a program makes is its user's like any other, called as the program calls it", async () => {
  const { ada, threadId, find } = await open();
  const { page } = await ada.query(api.threads.list, { isArchived: false, paginationOpts: firstPage });
  expect(page).toEqual([expect.objectContaining({ threadId, title: "test-1", isTitleCustom: false })]);
  expect(await find()).toEqual({ threadId, ownerId: "ada" });
  expect(await find("test-2")).toBeNull();
});

test("a name is given once, to whomever it is asked for", async () => {
  const { create, find, threadId } = await open();
  expect(await create()).toBe(false);
  expect(await create({ ownerId: "max" })).toBe(false);
  expect(await find()).toEqual({ threadId, ownerId: "ada" });
});

test("a thread that is deleted gives its name back, and is restored without it where it is another's by then", async () => {
  const { ada, service, create, find, threadId } = await open();
  expect(await service.mutation(api.threads.removeNamed, { threadId })).toBe(true);
  expect(await service.mutation(api.threads.removeNamed, { threadId })).toBe(false);
  expect(await find()).toBeNull();
  await ada.mutation(api.threads.restore, { threadId });
  expect((await find())?.threadId).toBe(threadId);

  await ada.mutation(api.threads.remove, { threadId });
  expect(await create({ ownerId: "max" })).toBe(true);
  await ada.mutation(api.threads.restore, { threadId });
  expect(await ada.query(api.threads.get, { threadId })).toMatchObject({ title: "test-1" });
  expect((await find())?.ownerId).toBe("max");
});
