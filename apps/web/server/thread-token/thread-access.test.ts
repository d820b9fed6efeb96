import { ThreadId } from "@threadbox/contracts/ids";
import { Schema } from "effect";
import { afterEach, expect, test, vi } from "vitest";
import { TokenRefusal } from "./refusal.ts";
import { requireThread } from "./thread-access.ts";

const threadId = Schema.decodeSync(ThreadId)("jd7d2w8q6t0f4k9x3m5p1s8v2z6b0c4h");

/** What comes of asking a Convex that answers so. */
const outcome = async (convex: () => Promise<Response>) => {
  vi.stubGlobal("fetch", convex);
  return requireThread("http://127.0.0.1:3210", "a.b.c", threadId).then(
    () => "let in",
    (error: unknown) => (error instanceof TokenRefusal ? error.tag : error),
  );
};

const refused = (tag: string) => async () =>
  Response.json({ status: "error", errorMessage: "ConvexError", errorData: { _tag: tag, message: "No." } });

afterEach(() => vi.unstubAllGlobals());

test("whoever owns the thread is let in, and whoever does not is told that there is none", async () => {
  expect(await outcome(async () => Response.json({ status: "success", value: {} }))).toBe("let in");
  expect(await outcome(refused("NotFound"))).toBe("NotFound");
});

test("a Convex that is down, or does not know a token that was found good, is no fault of the session", async () => {
  const unknownToken = async () => Response.json({ code: "Unauthenticated" }, { status: 401 });
  expect(await outcome(() => Promise.reject(new TypeError("fetch failed")))).toBe("StoreUnavailable");
  expect(await outcome(unknownToken)).toBe("StoreUnavailable");
  for (const tag of ["TokenMissing", "TokenInvalid", "Forbidden"])
    expect(await outcome(refused(tag))).toBe("StoreUnavailable");
});
