import { expect, test } from "vitest";
import { segmentsOf } from "./word-diff.ts";

const marked = (line: string, partner: string | null) =>
  segmentsOf(line, partner)
    .map(({ text, isChanged }) => (isChanged ? `[${text}]` : text))
    .join("");

test("in a changed line the words that changed stand out, on either side", () => {
  expect(marked("const answer = 42;", "const answer = 41;")).toBe("const answer = [42];");
  expect(marked("const answer = 41;", "const answer = 42;")).toBe("const answer = [41];");
});

test("a line without a partner, one that is all different and one that is very long are whole", () => {
  expect(marked("a b c", null)).toBe("a b c");
  expect(marked("completely", "12345678")).toBe("completely");
  expect(segmentsOf("x".repeat(2_000), "y")).toHaveLength(1);
});

test.each(["", "same", "a\tb", "☃ 🂡"])("no character of %j is lost", (line) => {
  for (const partner of ["", "same thing", "🂡 a"]) {
    expect(segmentsOf(line, partner).reduce((all, { text }) => all + text, "")).toBe(line);
  }
});
