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
  for (const query of ["scope=mine", "turn=no/turn", "scope=open&turn="]) {
    const unknown = await ask(`${path}?${query}`, { authorization: await bearer(threadId), origin: app });
    expect(await tagOf(unknown)).toBe("ValidationError");
  }
  expect((await observe(threadId)).starts).toBe(before);
});

test("what isn't a list of files in the workspace is accepted by nobody, and starts nothing", async () => {
  const threadId = newThreadId();
  const before = (await observe(threadId)).starts;
  const file = { path: "a", change: "modified", hunks: null, isWhole: true };
  const accept = async (body: unknown, by = threadId) =>
    tagOf(
      await exports.default.fetch(`http://worker.test/api/sandbox/${threadId}/accepted-changes`, {
        method: "POST",
        headers: { authorization: `Bearer ${await signToken(by)}`, origin: app },
        body: JSON.stringify(body),
      }),
    );
  expect(await accept({ files: [file], isUndone: false }, newThreadId())).toBe("ThreadScopeMismatch");
  expect(await accept({ files: [], isUndone: false })).toBe("ValidationError");
  expect(await accept({ files: [{ ...file, path: "../x" }], isUndone: false })).toBe("PathRejected");
  const large = { files: [{ ...file, hunks: "x".repeat(2 * 1024 * 1024) }], isUndone: false };
  expect(await accept(large)).toBe("BodyTooLarge");
  expect((await observe(threadId)).starts).toBe(before);
});
