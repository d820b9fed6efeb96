import { exports } from "cloudflare:workers";
import type { ThreadId } from "@threadbox/contracts/ids";
import { isFromOpenCode } from "@threadbox/contracts/message-origin";
import { beforeAll, describe, expect, test } from "vitest";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { ChatClient } from "../chat/chat-client.testing.ts";
import { loadWorker } from "../chat/thread.testing.ts";

beforeAll(loadWorker);

const knock = async (threadId: ThreadId, path: string, init: RequestInit = {}, holder = threadId) => {
  const headers = { ...init.headers, authorization: `Bearer ${await signToken(holder)}` };
  return send(threadId, path, { ...init, headers });
};
const send = (threadId: ThreadId, path: string, init: RequestInit = {}) =>
  exports.default.fetch(`http://worker.test/sandbox/${threadId}/opencode${path}`, { redirect: "manual", ...init });

const tagOf = async (response: Response) =>
  ((await response.json()) as { readonly error: { readonly _tag: string } }).error._tag;

const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

describe("S4.11: a thread's OpenCode under a path of the worker", () => {
  test("sends a browser to the thread with its view", async () => {
    const threadId = newThreadId();
    for (const path of ["", "/session/ses_1"]) {
      const answer = await send(threadId, path, { headers: { "sec-fetch-mode": "navigate" } });
      expect(answer.status).toBe(302);
      expect(answer.headers.get("location")).toBe(`${testBindings.APP_ORIGIN}/t/${threadId}?panel=opencode`);
    }
  });

  test("answers a program that holds the thread's token, with a view's headers and none of the sandbox's", async () => {
    const answer = await knock(newThreadId(), "/session/status");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({});
    expect(answer.headers.get("content-security-policy")).toContain(`frame-ancestors ${testBindings.APP_ORIGIN}`);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("passes on every method, and what OpenCode says to it", async () => {
    const threadId = newThreadId();
    for (const method of ["GET", "PATCH", "PUT", "DELETE"]) {
      expect([method, (await knock(threadId, "/session/ses_none", { method })).status]).toEqual([method, 404]);
    }
  });

  test("is closed where a view is closed", async () => {
    const threadId = newThreadId();
    expect(await tagOf(await knock(threadId, "/auth/openai", { method: "PUT" }))).toBe("CapabilityDenied");
    expect(await tagOf(await knock(threadId, "/file/content?path=auth.json"))).toBe("CapabilityDenied");
    const headers = { upgrade: "websocket", origin: testBindings.APP_ORIGIN };
    expect(await tagOf(await knock(threadId, "/pty/pty_1/connect", { headers }))).toBe("OriginRejected");
  });

  test("opens to nobody else", async () => {
    const threadId = newThreadId();
    expect(await tagOf(await send(threadId, "/session"))).toBe("TokenMissing");
    expect(await tagOf(await knock(threadId, "/session", {}, newThreadId()))).toBe("ThreadScopeMismatch");
  });

  test("S2.25: is closed, like its view, where the thread or its owner has turned it off", async () => {
    const threadId = newThreadId("off");
    expect(await tagOf(await knock(threadId, "/session"))).toBe("CapabilityDenied");
    const headers = { origin: testBindings.APP_ORIGIN, authorization: `Bearer ${await signToken(threadId)}` };
    const asked = { ...post({ target: "opencode" }), headers };
    const answer = await exports.default.fetch(`http://worker.test/api/sandbox/${threadId}/views`, asked);
    expect(await answer.text()).toMatch(/CapabilityDenied.*turned off/);
  });

  test("makes what a program asks there a turn of the thread", async () => {
    const threadId = newThreadId();
    const { id } = (await (await knock(threadId, "/session", post({}))).json()) as { readonly id: string };
    const tab = await ChatClient.open(threadId);
    const parts = [{ type: "text", text: "text" }];
    expect((await knock(threadId, `/session/${id}/prompt_async`, post({ parts }))).status).toBe(204);
    await tab.calm();
    expect(isFromOpenCode(tab.transcript()[0]?.parts ?? [])).toBe(true);
    expect(await tagOf(await knock(threadId, `/session/${id}/revert`, post({})))).toBe("Conflict");
  });
});
