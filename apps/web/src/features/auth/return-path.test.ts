import { describe, expect, test } from "vitest";
import { safeReturnPath } from "./return-path.ts";

describe("the way back after sign-in", () => {
  test("a path of the app is kept with its query", () => {
    expect(safeReturnPath("/t/jd7d2w8q6t0f4k9x?x=1")).toBe("/t/jd7d2w8q6t0f4k9x?x=1");
  });

  test.each([
    "https://evil.test/",
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "/.//evil.test",
    "javascript:alert(1)",
    "",
    undefined,
    { toString: () => "/t/x" },
  ])("%j leads home and nowhere else", (value) => {
    expect(safeReturnPath(value)).toBe("/");
  });

  test("sign-in does not lead back to itself", () => {
    expect(safeReturnPath("/sign-in?from=/t/x")).toBe("/");
    expect(safeReturnPath("/callback")).toBe("/");
  });
});
