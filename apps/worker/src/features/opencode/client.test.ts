import { Effect } from "effect";
import { expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { openCodeAlone } from "../sandbox/sandbox-client.testing.ts";
import { answerBytesMax } from "./bounds.ts";
import { makeOpenCodeClient } from "./client.ts";
import { OpenCodeDouble } from "./opencode-double.testing.ts";

const entry = (id: string, length: number) => ({
  info: { id, role: "user", sessionID: "s", time: { created: 1 } },
  parts: [{ type: "file", url: "x".repeat(length) }],
});

/** A session whose messages have these lengths, the oldest first; answers with how many were asked for, each time. */
const session = (lengths: readonly number[]) => {
  const entries = lengths.map((length, at) => entry(`m${at}`, length));
  const limits: number[] = [];
  const sandbox = {
    ...new OpenCodeDouble(new Map()).sandbox(newThreadId()),
    ...openCodeAlone,
    fetch: (path: string) => {
      const limit = Number(new URL(path, "http://opencode").searchParams.get("limit"));
      limits.push(limit);
      return Effect.succeed(Response.json(entries.slice(-limit)));
    },
  };
  const since = (id: string) =>
    Effect.runPromise(
      makeOpenCodeClient(sandbox)
        .messages("s", id)
        .pipe(
          Effect.map((found) => found.map(({ info }) => info.id)),
          Effect.catch(({ _tag }) => Effect.succeed(_tag)),
        ),
    );
  return { since, limits };
};

const heavy = answerBytesMax / 8;

test("pictures of earlier messages don't keep a turn from being read", async () => {
  const { since, limits } = session([...Array.from({ length: 20 }, () => heavy), 10, 10, 10, 10, 10]);
  expect(await since("m21")).toEqual(["m21", "m22", "m23", "m24"]);
  expect(await since("m20")).toEqual(["m20", "m21", "m22", "m23", "m24"]);
  expect(limits).toEqual([25, 4, 25, 4, 8]);
});

test("a turn that is too long itself is not read", async () => {
  expect(await session(Array.from({ length: 20 }, () => heavy)).since("m2")).toBe("OpenCodeExcessError");
});
