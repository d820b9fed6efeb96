import { expect, test } from "vitest";
import { lexMarkdown } from "./markdown-dialect.ts";

const length = 100_000;
const filled = (piece: string): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Each of these costs minutes where every mark looks through the rest of the text for its end. */
test.each([
  ...[">", "> ", "> a\n", "> - ", "- ", "- a\n", "1. ", "[", "]", "[a](", "![", "[a][b]", "[^1]", "[a]: b\n"],
  ...["*a_", "*a ", "**a ", "_a ", "a_b", "a**b", "*a **b __c _d ", "~~a ", "`a", "**注", "**注意：**正文"],
  ...["<", "<a ", "<b>", "<!--", "<details>", "\\(", "\\[", "$", "&", "www.", "http://a", "a@", "a."],
  ...["| a | b |\n", "|", "a | b\n", "#", "```\n", "```md\n", " ", "\n", "\t"],
])("a text of nothing but %j is read in a time that its length allows", (piece) => {
  const text = filled(piece);
  expect(lexMarkdown(text).length).toBeGreaterThan(0);
  expect(lexMarkdown(`| a | b |\n| - | - |\n${text}`).length).toBeGreaterThan(0);
  expect(lexMarkdown(`${text}@ ) ] * _`).length).toBeGreaterThan(0);
});

test("marks that find their end soon enough are obeyed, however long the text", () => {
  const text = "A word, **a strong one**, `code` and [a link](https://a.test/).\n\n".repeat(1_500);
  const last = lexMarkdown(text).findLast(({ type }) => type === "paragraph");
  expect(last?.type === "paragraph" && last.tokens?.map(({ type }) => type)).toEqual([
    "text",
    "strong",
    "text",
    "codespan",
    "text",
    "link",
    "text",
  ]);
});
