import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { reservedSandboxIds } from "@threadbox/contracts/sandbox-api";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { loadWorker } from "../chat/thread.testing.ts";
import { asUser, callApi, makeSandbox, newSandboxId, tagOf } from "./sandbox-api.testing.ts";

beforeAll(loadWorker);

const expectRefusal = async (response: Response, tag: ErrorTag) => {
  expect([await tagOf(response), response.status]).toEqual([tag, errorTable[tag].status]);
};

describe("S4.7, S4.14, S4.19, S4.55: POST /sandbox", () => {
  test("has a sandbox running, and says so in these words", async () => {
    const { id, created } = await makeSandbox();
    expect(created.status).toBe(200);
    expect(await created.json()).toEqual({ success: true, sandboxId: id, status: "running" });
  });

  test("asked again, for the same user, finds the same sandbox", async () => {
    const { id, userId, threadId } = await makeSandbox();
    const config = { model: "x/y", provider: { x: { options: { apiKey: "sk-canary" } } } };
    const again = await callApi("/sandbox", { body: { id, userId, config, gitUrl: null } });
    expect(await again.json()).toEqual({ success: true, sandboxId: id, status: "running" });
    expect(await (await callApi(`/sandbox/${id}`, { method: "GET" })).json()).toMatchObject({ threadId });
    expect(JSON.stringify(await observe(threadId))).not.toContain("sk-canary");
  });

  test("asked for another user, says that the id is taken", async () => {
    const { id } = await makeSandbox();
    await expectRefusal(await callApi("/sandbox", { body: { id, userId: "user_2" } }), "Conflict");
  });

  test("of a user makes theirs, and nobody else's", async () => {
    const id = newSandboxId();
    const authorization = await asUser("user_own");
    await expectRefusal(await callApi("/sandbox", { body: { id, userId: "user_other" }, authorization }), "Forbidden");
    expect((await callApi("/sandbox", { body: { id }, authorization })).status).toBe(200);
    const info = await callApi(`/sandbox/${id}`, { method: "GET", authorization });
    expect(await info.json()).toMatchObject({ id, userId: "user_own", status: "running" });
  });

  test.each([...reservedSandboxIds, "Opencode"])("R-test-2: no sandbox is called %s", async (id) => {
    await expectRefusal(await callApi("/sandbox", { body: { id, userId: "user_1" } }), "ValidationError");
  });

  test.each(["", "-x", "a/b", "a.b", "../x", "a b", "ü", "x".repeat(129), newThreadId(), "abcdefghijklmnop"])(
    "refuses %j as an id: it is no name, or could be a thread's",
    async (id) => {
      await expectRefusal(await callApi("/sandbox", { body: { id, userId: "user_1" } }), "ValidationError");
    },
  );

  test.each(["", "{", "[]", "null", '{"userId":"user_1"}', '{"id":"a-1"}', '{"id":"a-1","userId":7}'])(
    "refuses the body %j",
    async (body) => {
      await expectRefusal(await callApi("/sandbox", { body }), "ValidationError");
    },
  );

  test("A49, A65: refuses an address or branch that git must not be given, and makes nothing", async () => {
    const id = newSandboxId();
    const ask = (more: object) => callApi("/sandbox", { body: { id, userId: "user_1", ...more } });
    for (const gitUrl of ["file:///etc", "http://127.0.0.1/x", "ssh://-oProxyCommand=id/x"])
      await expectRefusal(await ask({ gitUrl }), "UrlBlocked");
    await expectRefusal(await ask({ gitUrl: "https://me:secret@git.example/x" }), "ValidationError");
    await expectRefusal(
      await ask({ gitUrl: "https://git.example/x", gitBranch: "--upload-pack=id" }),
      "ValidationError",
    );
    await expectRefusal(await callApi(`/sandbox/${id}`, { method: "GET" }), "NotFound");
  });

  test("refuses a body that is too large before it is read", async () => {
    const body = { id: newSandboxId(), userId: "user_1", config: { x: "y".repeat(70_000) } };
    await expectRefusal(await callApi("/sandbox", { body }), "BodyTooLarge");
  });
});

describe("S4.66, S4.71: who may", () => {
  const routes = [
    ["POST", ""],
    ["GET", "/id"],
    ["DELETE", "/id"],
    ["POST", "/id/wake"],
    ["POST", "/id/message"],
  ] as const;

  test.each(routes)(
    "%s /sandbox%s is closed without a token, with a wrong one and with a thread's",
    async (method, end) => {
      const { id, threadId } = await makeSandbox();
      const path = `/sandbox${end.replace("id", id)}`;
      const body = method === "GET" ? {} : { body: { id, userId: "user_1", message: "text" } };
      await expectRefusal(await callApi(path, { method, ...body, authorization: null }), "TokenMissing");
      const wrong = [`${testBindings.AGENTPOD_API_TOKEN}x`, testBindings.AGENTPOD_API_TOKEN.slice(0, -1), "x"];
      for (const token of wrong) {
        await expectRefusal(await callApi(path, { method, ...body, authorization: `Bearer ${token}` }), "TokenInvalid");
      }
      const authorization = `Bearer ${await signToken(threadId)}`;
      expect((await callApi(path, { method, ...body, authorization })).status).toBe(401);
    },
  );

  test.each(routes.slice(1))("%s /sandbox%s hides another user's sandbox", async (method, end) => {
    const { id } = await makeSandbox();
    const authorization = await asUser("user_stranger");
    const body = method === "GET" ? {} : { body: { message: "text" } };
    await expectRefusal(
      await callApi(`/sandbox${end.replace("id", id)}`, { method, ...body, authorization }),
      "NotFound",
    );
  });

  test.each(["nowhere", "opencode", "create", "gone0000000000000000"])("%s is no sandbox", async (id) => {
    await expectRefusal(await callApi(`/sandbox/${id}/wake`), "NotFound");
  });

  test("a page of another origin may not, whatever it shows", async () => {
    const headers = { origin: "https://evil.test" };
    await expectRefusal(await callApi("/sandbox", { body: { id: "a-1", userId: "user_1" }, headers }), "CsrfRejected");
  });

  test("R8: the static path below the same prefix is not taken for a sandbox", async () => {
    const response = await callApi("/sandbox/opencode?thread=x", { method: "GET" });
    expect(await tagOf(response)).not.toBe("NotFound");
  });
});

describe("S4.8, S4.9, S4.10: a sandbox by its name", () => {
  test("GET says how it stands and where it is", async () => {
    const { id, userId, threadId } = await makeSandbox();
    expect(await (await callApi(`/sandbox/${id}`, { method: "GET" })).json()).toEqual({
      id,
      userId,
      status: "running",
      provider: "local",
      opencodeUrl: `http://worker.test/sandbox/${threadId}/opencode`,
      threadId,
      threadUrl: `${testBindings.APP_ORIGIN}/t/${threadId}`,
      generation: 1,
      reason: "The sandbox is ready.",
    });
  });

  test("T1: is reached by its thread's id too", async () => {
    const { threadId } = await makeSandbox();
    const info = await (await callApi(`/sandbox/${threadId}`, { method: "GET" })).json();
    expect(info).toMatchObject({ id: threadId, threadId, status: "running" });
  });

  test("wake answers that it runs, as often as it is asked, and starts it once", async () => {
    const { id } = await makeSandbox();
    for (const _ of [1, 2]) {
      const woken = await callApi(`/sandbox/${id}/wake`);
      expect(await woken.json()).toEqual({
        success: true,
        sandboxId: id,
        status: "running",
        wakeMs: expect.any(Number),
      });
    }
    expect(await (await callApi(`/sandbox/${id}`, { method: "GET" })).json()).toMatchObject({ generation: 1 });
  });

  test("DELETE takes it away with its thread, once, and gives its name back", async () => {
    const { id, userId, threadId } = await makeSandbox();
    const deleted = await callApi(`/sandbox/${id}`, { method: "DELETE" });
    expect(await deleted.json()).toEqual({ success: true, sandboxId: id });
    for (const method of ["GET", "DELETE"])
      await expectRefusal(await callApi(`/sandbox/${id}`, { method }), "NotFound");
    const calls = (await observe(threadId)).calls.map(({ path }) => path);
    expect(calls).toContain("threads:removeNamed");
    await callApi("/sandbox", { body: { id, userId } });
    const info = (await (await callApi(`/sandbox/${id}`, { method: "GET" })).json()) as { readonly threadId: string };
    expect(info.threadId).not.toBe(threadId);
  });
});
