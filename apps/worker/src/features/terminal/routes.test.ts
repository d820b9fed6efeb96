import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";

const origin = testBindings.APP_ORIGIN;
const send = (path: string, init: RequestInit = {}) => exports.default.fetch(`http://worker.test${path}`, init);
const tagOf = async (response: Response) =>
  ((await response.json()) as { readonly error: { readonly _tag: string } }).error._tag;

const routes = (threadId: string, more: HeadersInit, query = "") => {
  const root = `/api/sandbox/${threadId}/terminals`;
  const headers = { origin, ...more };
  return [
    send(root, { headers }),
    send(root, { method: "POST", headers }),
    send(`${root}/pty_1`, { method: "PUT", headers, body: JSON.stringify({ title: "a" }) }),
    send(`${root}/pty_1`, { method: "DELETE", headers }),
    send(`${root}/pty_1/socket${query}`, { headers: { origin, upgrade: "websocket" } }),
  ];
};

// The first request loads the worker, which takes longer than any test may.
beforeAll(async () => {
  await send("/health");
});

describe("terminals of a thread", () => {
  test("A1: need its token, each of their routes", async () => {
    const threadId = newThreadId();
    for (const answer of routes(threadId, {})) expect(await tagOf(await answer)).toBe("TokenMissing");
    expect((await observe(threadId)).calls).toEqual([]);
  });

  test("A6: open to no token of another thread", async () => {
    const token = await signToken(newThreadId());
    const answers = routes(newThreadId(), { authorization: `Bearer ${token}` }, `?token=${token}`);
    for (const answer of answers) expect(await tagOf(await answer)).toBe("ThreadScopeMismatch");
  });

  test("A25: a socket from another page is not opened", async () => {
    const threadId = newThreadId();
    const path = `/api/sandbox/${threadId}/terminals/pty_1/socket?token=${await signToken(threadId)}`;
    const answer = await send(path, { headers: { upgrade: "websocket", origin: "https://evil.test" } });
    expect(await tagOf(answer)).toBe("OriginRejected");
  });

  test("looking at them starts no sandbox: there are none where none runs", async () => {
    const threadId = newThreadId();
    const authorization = `Bearer ${await signToken(threadId)}`;
    const { starts } = await observe(threadId);
    const root = `/api/sandbox/${threadId}/terminals`;
    const list = await send(root, { headers: { origin, authorization } });
    expect(await list.json()).toEqual({ terminals: [] });
    const gone = await send(`${root}/pty_1`, { method: "DELETE", headers: { origin, authorization } });
    expect(gone.status).toBe(204);
    const headers = { origin, upgrade: "websocket" };
    const socket = await send(`${root}/pty_1/socket?token=${await signToken(threadId)}`, { headers });
    expect(await tagOf(socket)).toBe("NotFound");
    expect((await observe(threadId)).starts).toBe(starts);
  });

  test.each(["", "   ", "x".repeat(41), 7, null])("have names that fit their tabs: not %j", async (title) => {
    const threadId = newThreadId();
    const answer = await send(`/api/sandbox/${threadId}/terminals/pty_1`, {
      method: "PUT",
      headers: { origin, authorization: `Bearer ${await signToken(threadId)}` },
      body: JSON.stringify({ title }),
    });
    expect(await tagOf(answer)).toBe("ValidationError");
  });
});
