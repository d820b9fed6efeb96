import { expect, test } from "vitest";
import { estimatedHeight } from "./estimated-height.ts";

const answer = (text: string) => ({ role: "assistant", parts: [{ type: "text", text }] }) as const;

test("a message is taken for the higher the more lines its text fills", () => {
  const heights = ["word", "word\nword", `${"word ".repeat(60)}\nword`].map((text) =>
    estimatedHeight({ ...answer(text), parts: [...answer(text).parts] }),
  );
  expect(heights).toEqual(heights.toSorted((a, b) => a - b));
  expect(new Set(heights).size).toBe(3);
});

test("a closed card takes the room of its line, however long its output is", () => {
  const card = (output: string) =>
    estimatedHeight({
      role: "assistant",
      parts: [{ type: "tool-bash", toolCallId: "1", state: "output-available", input: {}, output }],
    });
  expect(card("x".repeat(10_000))).toBe(card("x"));
});
