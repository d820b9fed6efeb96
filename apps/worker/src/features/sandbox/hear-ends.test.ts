import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import type { ThreadId } from "@threadbox/contracts/ids";
import { sandboxEndsMax } from "@threadbox/contracts/sandbox-host";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Schema } from "effect";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { SandboxRecord } from "./record.ts";

const token = testBindings.SANDBOX_HOST_TOKEN;
const failed = { status: "failed", reason: "OpenCode was killed." };

const send = (path: string, init: RequestInit) => exports.default.fetch(`http://worker.test${path}`, init);

const tell = (sandboxes: readonly object[], headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  send("/internal/sandbox-host/ended", { method: "POST", headers, body: JSON.stringify({ sandboxes }) });

const tellNaps = (sandboxes: readonly object[], authorization = `Bearer ${token}`) =>
  send("/internal/sandbox-host/naps", {
    method: "POST",
    headers: { authorization },
    body: JSON.stringify({ sandboxes }),
  });

const threadSandbox = (threadId: ThreadId) => env.THREAD_SANDBOX.getByName(threadId);

/** A thread whose sandbox runs, as the host knows it. */
const start = async (threadId = newThreadId()) => {
  const init = { method: "POST", headers: { authorization: `Bearer ${await signToken(threadId)}` } };
  expect((await send(`/api/sandbox/${threadId}/restart`, init)).status).toBe(200);
  const stored = await runInDurableObject(threadSandbox(threadId), (_, { storage }) => storage.kv.get("sandbox"));
  const { name, generation } = Schema.decodeUnknownSync(SandboxRecord)(stored);
  return { name, generation, owner: threadId };
};

// The first request loads the worker, which takes longer than any test may.
beforeAll(async () => {
  await send("/health", {});
});

describe("an end that the host tells of", () => {
  test.each([
    ["failed", "failed"],
    ["stopped", "asleep"],
  ] as const)("%s makes the sandbox %s at once, and Convex is told", async (status, expected) => {
    const sandbox = await start();
    const response = await tell([{ ...sandbox, ...failed, status }]);
    expect([response.status, await response.json()]).toEqual([200, { later: [] }]);
    expect(await threadSandbox(sandbox.owner).find()).toMatchObject({ status: expected, reason: failed.reason });
    const reported = async () =>
      (await observe(sandbox.owner)).calls.flatMap(({ path, args }) =>
        path === "sandboxes:report" ? [Reflect.get(Object(args), "status")] : [],
      );
    await expect.poll(reported).toContain(expected);
  });

  test("of a generation that is over changes nothing", async () => {
    const old = await start();
    const current = await start(old.owner);
    expect(current.generation).toBeGreaterThan(old.generation);
    expect((await tell([{ ...old, ...failed }])).status).toBe(200);
    expect(await threadSandbox(old.owner).find()).toMatchObject({ status: "ready", generation: current.generation });
  });

  test("told twice is the same end", async () => {
    const sandbox = await start();
    await tell([{ ...sandbox, ...failed }]);
    const before = await threadSandbox(sandbox.owner).find();
    await tell([{ ...sandbox, ...failed, reason: "Another story." }]);
    expect(await threadSandbox(sandbox.owner).find()).toEqual(before);
  });

  test("with an owner who doesn't belong to the name is taken and touches nobody", async () => {
    const [mine, other] = [await start(), await start()];
    for (const owner of [other.owner, newThreadId(), "../x", "nobody"]) {
      const response = await tell([{ ...mine, ...failed, owner }]);
      expect([response.status, await response.json()]).toEqual([200, { later: [] }]);
    }
    for (const { owner } of [mine, other]) expect(await threadSandbox(owner).find()).toMatchObject({ status: "ready" });
  });
});

describe("a nap that the host tells of", () => {
  test("shows, and its end as well; of a generation that is over, or of somebody else's, neither", async () => {
    const [mine, other] = [await start(), await start()];
    const tellAll = async (nap: "idle" | null) => {
      const strangers = [
        { ...mine, owner: other.owner },
        { ...other, generation: other.generation + 1 },
      ];
      const response = await tellNaps([mine, ...strangers].map((one) => ({ ...one, nap })));
      expect([response.status, await response.json()]).toEqual([200, { later: [] }]);
    };
    await tellAll("idle");
    expect(await threadSandbox(mine.owner).find()).toMatchObject({ status: "napping" });
    expect(await threadSandbox(other.owner).find()).toMatchObject({ status: "ready" });
    await tellAll(null);
    expect(await threadSandbox(mine.owner).find()).toMatchObject({ status: "ready", generation: mine.generation });
  });

  test("is heard from the host alone, and has the form of one", async () => {
    const sandbox = await start();
    expect((await tellNaps([{ ...sandbox, nap: "idle" }], "Bearer another-token-of-the-channel")).status).toBe(401);
    expect((await tellNaps([{ ...sandbox, nap: "tired" }])).status).toBe(400);
    expect(await threadSandbox(sandbox.owner).find()).toMatchObject({ status: "ready" });
  });
});

describe("the door of the sandbox host", () => {
  const expectRefused = async (response: Response, tag: ErrorTag) => {
    expect(Schema.decodeUnknownSync(WireErrorBody)(await response.json()).error._tag).toBe(tag);
    expect(response.status).toBe(errorTable[tag].status);
  };

  test.each<[string, Record<string, string>, ErrorTag]>([
    ["no token", {}, "TokenMissing"],
    ["a basic credential", { authorization: "Basic YTpi" }, "TokenMissing"],
    ["another token", { authorization: "Bearer another-token-of-the-control-channel" }, "TokenInvalid"],
    ["the token and more", { authorization: `Bearer ${token}x` }, "TokenInvalid"],
    ["the beginning of the token", { authorization: `Bearer ${token.slice(0, -1)}` }, "TokenInvalid"],
    ["two tokens", { authorization: `Bearer ${token}, Bearer ${token}` }, "TokenMissing"],
    ["the page's origin", { authorization: `Bearer ${token}`, origin: testBindings.APP_ORIGIN }, "OriginRejected"],
    ["no origin that counts", { authorization: `Bearer ${token}`, origin: "null" }, "OriginRejected"],
  ])("stays shut for %s", async (_, headers, tag) => {
    const sandbox = await start();
    await expectRefused(await tell([{ ...sandbox, ...failed }], headers), tag);
    expect(await threadSandbox(sandbox.owner).find()).toMatchObject({ status: "ready" });
  });

  test("stays shut for a thread's token", async () => {
    const sandbox = await start();
    const authorization = `Bearer ${await signToken(sandbox.owner)}`;
    await expectRefused(await tell([{ ...sandbox, ...failed }], { authorization }), "TokenInvalid");
  });

  test("takes no more than it says, and nothing else than ends", async () => {
    const end = { name: "0".repeat(32), generation: 1, owner: "x", ...failed };
    await expectRefused(await tell(Array.from({ length: sandboxEndsMax + 1 }, () => end)), "ValidationError");
    await expectRefused(await tell([{ ...end, status: "ready" }]), "ValidationError");
    await expectRefused(await tell([{ ...end, reason: "x".repeat(300_000) }]), "BodyTooLarge");
  });
});
