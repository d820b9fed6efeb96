import { describe, expect, test } from "vitest";
import { api, internal } from "./_generated/api.js";
import { asService, asUser, backend, messageOf } from "./backend.testing.ts";
import { snippetOf } from "./model/snippet.ts";

const open = async () => {
  const t = backend();
  const ada = asUser(t, "ada");
  const threadId = await ada.mutation(api.threads.create, {});
  const say = (text: string, position: number, of = threadId) =>
    asService(t).mutation(
      api.messages.project,
      messageOf(of, { messageId: `m${position}`, position, text, createdAt: 7 }),
    );
  const found = async (text: string, user = ada) =>
    (await user.query(api.messages.search, { text })).messages.map(({ messageId }) => messageId);
  return { t, ada, threadId, say, found };
};

describe("a search for messages", () => {
  test("finds words inside texts, says where, and names the thread, also an archived one", async () => {
    const { ada, threadId, say } = await open();
    await say("Plans", 0);
    await say("First the tokenizer, then the Parser.", 1);
    await ada.mutation(api.threads.setArchived, { threadId, isArchived: true });
    const { messages, isPartial } = await ada.query(api.messages.search, { text: "tokenizer, pars" });
    expect({ messages, isPartial }).toEqual({
      messages: [
        {
          threadId,
          title: "Plans",
          isArchived: true,
          messageId: "m1",
          role: "user",
          snippet: { text: "First the tokenizer, then the Parser.", matchStart: 10, matchEnd: 19 },
          createdAt: 7,
        },
      ],
      isPartial: false,
    });
  });

  test("finds a message by the name of a file that goes with it, and a thread that begins with one is called so", async () => {
    const { ada, threadId, say, found } = await open();
    await say("holiday.png\nmap.pdf", 0);
    expect([await found("map"), await found("holiday")]).toEqual([["m0"], ["m0"]]);
    expect(await ada.query(api.threads.get, { threadId })).toMatchObject({ title: "holiday.png" });
  });

  test("finds titles beside texts", async () => {
    const { ada, threadId } = await open();
    await ada.mutation(api.threads.rename, { threadId, title: "Rewrite the Parser" });
    const { threads, messages } = await ada.query(api.messages.search, { text: "parser" });
    expect([threads.map((thread) => thread.threadId), messages]).toEqual([[threadId], []]);
  });

  test("finds nothing of another user, and nothing of a deleted thread until it is restored", async () => {
    const { t, ada, threadId, say, found } = await open();
    await say("secret plans", 0);
    expect([await found("plans"), await found("plans", asUser(t, "max"))]).toEqual([["m0"], []]);
    await ada.mutation(api.threads.remove, { threadId });
    expect(await found("plans")).toEqual([]);
    await ada.mutation(api.threads.restore, { threadId });
    expect(await found("plans")).toEqual(["m0"]);
  });

  test.each(["", "  ", "…!"])("for %j finds nothing", async (text) => {
    const { say, found } = await open();
    await say("anything", 0);
    expect(await found(text)).toEqual([]);
  });

  test("shows fifty messages and says that there are more", async () => {
    const { ada, say } = await open();
    for (let position = 0; position < 51; position += 1) await say("word", position);
    const { messages, isPartial } = await ada.query(api.messages.search, { text: "word" });
    expect([messages.length, isPartial]).toEqual([50, true]);
  });

  test("finds messages that did not say whose they are once they have been seen to", async () => {
    const { t, say, found } = await open();
    await say("old plans", 0);
    await t.run(async ({ db }) => {
      for (const { _id } of await db.query("messages").collect()) await db.patch(_id, { ownerId: undefined });
    });
    expect(await found("plans")).toEqual([]);
    await t.mutation(internal.messages.fillOwners, { cursor: null });
    expect(await found("plans")).toEqual(["m0"]);
  });
});

describe("a snippet", () => {
  test("is one line around the match, with the match's place", () => {
    const { text, matchStart, matchEnd } = snippetOf(`${"a ".repeat(90)}\n\nthe needle\n${"b ".repeat(90)}`, [
      "needle",
    ]);
    expect(text.slice(matchStart, matchEnd)).toBe("needle");
    expect(text).toMatch(/^…(a )+the needle (b )+b…$/);
  });

  test.each(["👩🏽‍🚀", "e\u0301", "नि"])("is never cut inside %s", (character) => {
    for (let shift = 0; shift < 12; shift += 1) {
      const padding = character.repeat(90);
      const { text, matchStart, matchEnd } = snippetOf(`${padding}${" ".repeat(shift)} x ${padding}`, ["x"]);
      const before = text.slice(1, matchStart).trim();
      const after = text.slice(matchEnd, -1).trim();
      const whole = new Set([...before.matchAll(/./gu), ...after.matchAll(/./gu)].map(([unit]) => unit));
      expect([...whole].every((unit) => character.includes(unit))).toBe(true);
      expect(before.startsWith(character) && after.endsWith(character)).toBe(true);
    }
  });

  test("prefers a whole word to one that only begins like the last, and is the beginning where there is none", () => {
    expect(snippetOf("planning the plan", ["plan"])).toEqual({
      text: "planning the plan",
      matchStart: 13,
      matchEnd: 17,
    });
    expect(snippetOf("planning", ["plan"])).toEqual({ text: "planning", matchStart: 0, matchEnd: 8 });
    expect(snippetOf("nothing", ["plan"])).toEqual({ text: "nothing", matchStart: 0, matchEnd: 0 });
  });
});
