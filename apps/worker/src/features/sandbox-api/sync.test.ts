import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { loadWorker } from "../chat/thread.testing.ts";
import { asUser, callApi, makeSandbox, tagOf } from "./sandbox-api.testing.ts";

beforeAll(loadWorker);

test("S4.13, S4.69: POST /sandbox/:id/sync brings the workspace to the bucket, for whoever may use the sandbox", async () => {
  const { id, userId, threadId } = await makeSandbox();
  const synced = await callApi(`/sandbox/${id}/sync`, { authorization: await asUser(userId) });
  expect([synced.status, await synced.json()]).toEqual([
    200,
    {
      success: true,
      sandboxId: id,
      files: expect.any(Number),
      bytes: expect.any(Number),
      uploaded: expect.any(Number),
      removed: 0,
      skipped: 0,
      durationMs: expect.any(Number),
    },
  ]);
  const { objects } = await env.WORKSPACE_BUCKET.list({ prefix: `workspaces/${threadId}/` });
  for (const { key } of objects) expect(key.startsWith(`workspaces/${threadId}/`)).toBe(true);
  expect(await tagOf(await callApi(`/sandbox/${id}/sync`, { authorization: null }))).toBe("TokenMissing");
  expect(await tagOf(await callApi(`/sandbox/${id}/sync`, { authorization: await asUser("max") }))).toBe("NotFound");
});
