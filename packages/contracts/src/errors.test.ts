import { describe, expect, test } from "vitest";
import { errorTable, isErrorTag, wireErrorBody } from "./errors.ts";

describe("the error table", () => {
  test("every tag has a client or server error status", () => {
    for (const { status } of Object.values(errorTable)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });

  test("a name inherited from Object is no tag", () => {
    expect(isErrorTag("constructor")).toBe(false);
    expect(isErrorTag("NotFound")).toBe(true);
  });

  test("the wire form takes retryable from the table", () => {
    expect(wireErrorBody("RateLimited", "Slow down.", "r1")).toEqual({
      error: { _tag: "RateLimited", message: "Slow down.", requestId: "r1", retryable: true },
    });
  });
});
