import { beforeAll, describe, expect, test } from "vitest";
import { signToken } from "../../testing/tokens.testing.ts";
import { loadWorker } from "../chat/thread.testing.ts";
import { callApi, makeSandbox, newSandboxId, tagOf } from "./sandbox-api.testing.ts";

beforeAll(loadWorker);

const create = (more: object, id = newSandboxId()) => callApi("/sandbox", { body: { id, userId: "user_1", ...more } });
const providerOf = async (id: string) =>
  ((await (await callApi(`/sandbox/${id}`, { method: "GET" })).json()) as { readonly provider: string }).provider;

describe("the provider of a sandbox", () => {
  test("S4.35: is the one that was named, from the first start on, and is told", async () => {
    const id = newSandboxId();
    expect((await create({ provider: "docker" }, id)).status).toBe(200);
    expect(await providerOf(id)).toBe("docker");
    expect((await create({ provider: "docker" }, id)).status).toBe(200);
    expect((await create({}, id)).status).toBe(200);
    expect(await providerOf(id)).toBe("docker");
  });

  test("S4.37: follows what it is for where none was named, and stays what it is after that", async () => {
    const id = newSandboxId();
    expect((await create({ useCase: "development" }, id)).status).toBe(200);
    expect(await providerOf(id)).toBe("docker");
    expect((await create({ useCase: "quick-task" }, id)).status).toBe(200);
    expect(await providerOf(id)).toBe("docker");
  });

  test("is the installation's own where nobody says anything", async () => {
    const { id } = await makeSandbox();
    expect(await providerOf(id)).toBe("local");
  });

  test("S4.60: that isn't configured is said in these words, and no sandbox is made instead", async () => {
    const id = newSandboxId();
    const answer = await create({ provider: "cloudflare" }, id);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      error: { _tag: "SandboxUnavailable", message: "Cloudflare sandboxes not configured." },
    });
    expect((await callApi(`/sandbox/${id}`, { method: "GET" })).status).toBe(404);
  });

  test("can't be another one once the sandbox has begun", async () => {
    const { id } = await makeSandbox();
    expect(await tagOf(await create({ provider: "docker" }, id))).toBe("VersionConflict");
    expect(await providerOf(id)).toBe("local");
  });

  test.each([{ provider: "moon" }, { useCase: "fun" }])("refuses %j", async (wish) => {
    expect(await tagOf(await create(wish))).toBe("ValidationError");
  });
});

describe("a page that chooses where a thread's sandbox runs", () => {
  const choose = async (threadId: string, provider: string, authorization?: string) =>
    callApi(`/api/sandbox/${threadId}/provider`, {
      method: "PUT",
      body: { provider },
      authorization: authorization ?? `Bearer ${await signToken(threadId)}`,
    });

  test("is answered with the choice, which is refused once the sandbox has begun elsewhere", async () => {
    const { threadId } = await makeSandbox();
    expect(await (await choose(threadId, "local")).json()).toEqual({ provider: "local" });
    expect(await tagOf(await choose(threadId, "docker"))).toBe("VersionConflict");
  });

  test("is told where there is none such, and nothing without a token of that thread", async () => {
    const { threadId } = await makeSandbox();
    expect(await tagOf(await choose(threadId, "cloudflare"))).toBe("SandboxUnavailable");
    expect(await tagOf(await choose(threadId, "moon"))).toBe("ValidationError");
    expect(await tagOf(await choose(threadId, "local", "Bearer x"))).toMatch(/^Token/);
  });
});
