import { exports } from "cloudflare:workers";
import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Schema } from "effect";
import { beforeAll, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";

const app = testBindings.APP_ORIGIN;

const ask = (path: string, headers: HeadersInit = {}) =>
  exports.default.fetch(`http://worker.test${path}`, { headers });

const tagOf = async (response: Response): Promise<ErrorTag | null> =>
  response.ok ? null : Schema.decodeUnknownSync(WireErrorBody)(await response.json()).error._tag;

// The first request loads the worker, which takes longer than any test may.
beforeAll(async () => {
  await ask("/health");
});

test("changes are closed to another thread's token, to none and to other pages, and nothing is started for those", async () => {
  const threadId = newThreadId();
  const before = (await observe(threadId)).starts;
  const path = `/api/sandbox/${threadId}/changes`;
  const bearer = async (of: Parameters<typeof signToken>[0]) => `Bearer ${await signToken(of)}`;
  const other = await ask(path, { authorization: await bearer(newThreadId()), origin: app });
  expect(await tagOf(other)).toBe("ThreadScopeMismatch");
  const none = await ask(path);
  expect([none.status, await tagOf(none)]).toEqual([errorTable.TokenMissing.status, "TokenMissing"]);
  const foreign = await ask(path, { authorization: await bearer(threadId), origin: "https://evil.test" });
  expect(await tagOf(foreign)).toBe("OriginRejected");
  const outside = await ask(`${path}?path=../x`, { authorization: await bearer(threadId), origin: app });
  expect(await tagOf(outside)).toBe("PathRejected");
  expect((await observe(threadId)).starts).toBe(before);
});
