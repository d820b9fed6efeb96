import type { ErrorTag } from "@threadbox/contracts/errors";
import { describe, expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { withRenewal } from "./renewal.ts";

const source = { get: async () => "kept", renew: async () => "new" };
const refusal = (tag: ErrorTag) => new WireFailure(tag, "No.", "r1");

/** What comes of it where these tokens are refused with that tag, and which ones were tried. */
const outcome = async (refused: readonly string[], tag: ErrorTag, from = source) => {
  const tried: string[] = [];
  const result = await withRenewal(from, async (token) => {
    tried.push(token);
    if (refused.includes(token)) throw refusal(tag);
    return "let in";
  }).catch((error: unknown) => error);
  return { tried, result };
};

describe("a token that is refused", () => {
  test.each(["TokenMissing", "TokenMalformed", "TokenInvalid", "TokenExpired"] as const)(
    "as %s is renewed once, and the new one tried",
    async (tag) => {
      expect(await outcome(["kept"], tag)).toEqual({ tried: ["kept", "new"], result: "let in" });
    },
  );

  test.each(["TokenInvalid", "TokenExpired"] as const)(
    "as %s when it is new is a failure that asking again does not mend",
    async (tag) => {
      const { tried, result } = await outcome(["kept", "new"], tag);
      expect(tried).toEqual(["kept", "new"]);
      expect(result).toMatchObject({ tag: "TokenInvalid", requestId: "r1", isRetryable: false });
    },
  );

  test("and cannot be renewed fails for that reason: a session that has ended, a provider out of reach", async () => {
    const ended = new Error("Login required");
    const from = { ...source, renew: () => Promise.reject(ended) };
    expect(await outcome(["kept"], "TokenInvalid", from)).toEqual({ tried: ["kept"], result: ended });
  });

  test.each(["NotFound", "ThreadScopeMismatch", "StoreUnavailable", "UpstreamError", "RateLimited"] as const)(
    "for another reason (%s) is not renewed, and the reason stands",
    async (tag) => {
      const { tried, result } = await outcome(["kept", "new"], tag);
      expect(tried).toEqual(["kept"]);
      expect(result).toMatchObject({ tag });
    },
  );
});
