import { expect, test } from "vitest";
import { Comments } from "./comments.ts";
import { commentsMessage } from "./comments-message.ts";
import { type LinePlace, placeKey } from "./diff-rows.ts";

const place = (path: string, line: number, side: LinePlace["side"] = "after"): LinePlace => ({ path, line, side });

/** What a reload finds. */
const keeper = (kept = "") => ({
  kept,
  read: async () => kept,
  write(text: string) {
    this.kept = text;
    return Promise.resolve();
  },
});

const said = (at: LinePlace, quote: string, text: string) => ({ place: at, quote, text, isEditing: false });

test("several comments become one message that names file and line and quotes the code, in the order of the files", () => {
  expect(
    commentsMessage([
      said(place("src/b.ts", 3), "const b = 1;", "Why 1?"),
      said(place("src/a.ts", 20), "later()", "Later."),
      said(place("src/a.ts", 7, "before"), "first()", " Keep this. "),
    ]),
  ).toBe(
    [
      "Comments on the changes:",
      "`src/a.ts`, removed line 7:\n```\nfirst()\n```\nKeep this.",
      "`src/a.ts`, line 20:\n```\nlater()\n```\nLater.",
      "`src/b.ts`, line 3:\n```\nconst b = 1;\n```\nWhy 1?",
    ].join("\n\n"),
  );
});

test("neither a name nor a line can end its quotation or hide what it is", () => {
  const message = commentsMessage([said(place("a`\n$ b", 1), "```\u202etxt", "x")]);
  expect(message).toContain("``a` $ b``, line 1:\n````\n```⟦U+202E⟧txt\n````\nx");
});

test("a comment that is finished without a word is gone, and one that is being written is not sent", () => {
  const comments = new Comments(keeper());
  const [a, b, c] = [place("a", 1), place("b", 1), place("c", 1)];
  for (const each of [a, b, c]) comments.edit(each, "code");
  comments.write(placeKey(a), "say");
  comments.finish(placeKey(a));
  comments.finish(placeKey(b));
  expect([...comments.read().values()].map(({ place: { path }, isEditing }) => [path, isEditing])).toEqual([
    ["a", false],
    ["c", true],
  ]);
  comments.edit(a, "other code");
  expect(comments.read().get(placeKey(a))).toMatchObject({ text: "say", quote: "code", isEditing: true });
  comments.finish(placeKey(a));
  comments.removeFinished();
  expect([...comments.read().keys()]).toEqual([placeKey(c)]);
});

test("comments outlive a reload, beside what was written before they were read; sent ones are gone", async () => {
  const before = keeper();
  const comments = new Comments(before);
  comments.edit(place("a", 1), "code");
  comments.write(placeKey(place("a", 1)), "say");
  comments.finish(placeKey(place("a", 1)));
  const after = new Comments(keeper(before.kept));
  after.edit(place("b", 2), "more");
  await after.load();
  expect([...after.read().values()].map(({ text, isEditing }) => [text, isEditing])).toEqual([
    ["say", false],
    ["", true],
  ]);
  comments.removeFinished();
  expect(before.kept).toBe("");
});

test.each(["", "{", "null", '[{"place":null}]', '[{"place":{"path":"a","side":"x","line":1},"quote":"","text":""}]'])(
  "what a device kept as %j is no comment and no fault",
  async (kept) => {
    const comments = new Comments(keeper(kept));
    await comments.load();
    expect(comments.read().size).toBe(0);
  },
);
