import { describe, expect, test } from "vitest";
import { isDeeperThan } from "./json-depth.ts";

const nested = (depth: number, open = "[", close = "]"): string => open.repeat(depth) + close.repeat(depth);

describe("the depth of a JSON text", () => {
  test.each<[string, string, boolean]>([
    ["lists to the limit", nested(8), false],
    ["lists past it", nested(9), true],
    ["objects past it", nested(9, '{"a":', "}"), true],
    ["many beside each other", `[${nested(7)},${nested(7)},${nested(7)}]`, false],
    ["brackets in a string", JSON.stringify({ text: nested(50) }), false],
    ["brackets behind an escaped quote", JSON.stringify({ text: `"\\"${nested(50)}` }), false],
    ["brackets behind a string that ends in a backslash", `["\\\\",${nested(8)}]`, true],
    ["a string without an end", `"${nested(50)}`, false],
    ["a hundred thousand lists without an end", "[".repeat(100_000), true],
    ["a plain value", "1", false],
  ])("%s", (_, text, isDeep) => {
    expect(isDeeperThan(text, 8)).toBe(isDeep);
  });

  test("a string of many escapes takes time in its length only", () => {
    expect(isDeeperThan(`"${'\\"'.repeat(200_000)}"`, 8)).toBe(false);
    expect(isDeeperThan(`"${"\\".repeat(200_000)}"${nested(9)}`, 8)).toBe(true);
  });
});
