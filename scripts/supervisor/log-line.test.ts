import { expect, test } from "vitest";
import { readableLine } from "./log-line.ts";

test("plain lines pass, quiet records stay in the file, warnings show their words", () => {
  expect(readableLine("hello")).toBe("hello");
  expect(readableLine("   ")).toBeUndefined();
  expect(readableLine('{"level":30,"msg":"request"}')).toBeUndefined();
  expect(readableLine('{"level":50,"msg":"it broke"}')).toBe("error: it broke");
  expect(readableLine("{not json")).toBe("{not json");
});
