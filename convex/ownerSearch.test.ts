import { expect, test } from "vitest";
import { api } from "./_generated/api.js";
import { asService, asUser, backend, messageOf } from "./backend.testing.ts";

const open = async () => {
  const t = backend();
  const threadOf = async (user: string, text: string) => {
    const threadId = await asUser(t, user).mutation(api.threads.create, {});
    const message = messageOf(threadId, { messageId: `m-${threadId}`, position: 0, text, createdAt: 7 });
    await asService(t).mutation(api.messages.project, message);
    return threadId;
  };
  const beside = (threadId: string, text: string) => asService(t).query(api.threads.searchBeside, { threadId, text });
  return { t, threadOf, beside };
};

test("a search beside a thread finds what its owner's threads hold, and nothing of anybody else's", async () => {
  const { threadOf, beside } = await open();
  const here = await threadOf("ada", "Notes");
  const other = await threadOf("ada", "Plans for the parser");
  await threadOf("bob", "Plans of somebody else");
  const found = await beside(here, "plans");
  expect(found).toEqual({
    threads: [{ threadId: other, title: "Plans for the parser", isArchived: false }],
    messages: [
      {
        ...{ threadId: other, title: "Plans for the parser", role: "user" },
        ...{ text: "Plans for the parser", createdAt: 7 },
      },
    ],
    isPartial: false,
  });
});

test("a search beside a thread that is deleted, or is none, finds nothing", async () => {
  const { t, threadOf, beside } = await open();
  const here = await threadOf("ada", "Plans");
  await asUser(t, "ada").mutation(api.threads.remove, { threadId: here });
  const nothing = { threads: [], messages: [], isPartial: false };
  expect(await beside(here, "plans")).toEqual(nothing);
  expect(await beside("no-thread", "plans")).toEqual(nothing);
});

test("a search beside a thread answers with twenty of each, and says that there are more", async () => {
  const { threadOf, beside } = await open();
  const here = await threadOf("ada", "Notes");
  for (let count = 0; count < 21; count += 1) await threadOf("ada", `Plans ${count}`);
  const { threads, messages, isPartial } = await beside(here, "plans");
  expect([threads.length, messages.length, isPartial]).toEqual([20, 20, true]);
});
