import { describe, expect, test } from "vitest";
import { readWireFailure } from "./wire-failure.ts";

describe("a failure read from the wire", () => {
  test("keeps tag, message and request id", async () => {
    const body = { error: { _tag: "RateLimited", message: "Slow down.", requestId: "r1", retryable: false } };
    const failure = await readWireFailure(Response.json(body, { status: 429 }));
    expect(failure).toMatchObject({ tag: "RateLimited", message: "Slow down.", requestId: "r1", isRetryable: true });
  });

  test.each(["<html>502</html>", "", "null", "[]", '{"error":{"_tag":"constructor"}}', '{"error":"x"}'])(
    "%j, which is not in the wire's form, is an internal error",
    async (body) => {
      expect((await readWireFailure(new Response(body, { status: 502 }))).tag).toBe("Internal");
    },
  );
});
