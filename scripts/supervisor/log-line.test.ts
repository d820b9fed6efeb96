import { expect, test } from "vitest";
import { lastOutput, readableLine } from "./log-line.ts";

test("plain lines pass, quiet records stay in the file, warnings show their words", () => {
  expect(readableLine("hello")).toBe("hello");
  expect(readableLine("   ")).toBeUndefined();
  expect(readableLine('{"level":30,"msg":"request"}')).toBeUndefined();
  expect(readableLine('{"level":50,"msg":"it broke"}')).toBe("error: it broke");
  expect(readableLine("{not json")).toBe("{not json");
});

test("the last output of a process that failed again and again is said once, in words", () => {
  const fatal = (pid: number) =>
    JSON.stringify({ level: 60, pid, err: { stack: "at x" }, msg: "The database is gone." });
  expect(lastOutput([fatal(1), "plain", fatal(2), "plain"])).toBe("error: The database is gone.\nplain");
});
