import { randomUUID } from "node:crypto";
import { signInForAccessToken } from "../support/access.ts";
import { apiToken, main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { claimsOf } from "../support/thread-token.ts";

const call = async (path: string, method: string, body?: unknown, token: string = apiToken) => {
  const response = await fetch(`${main.workerUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
};

test("S4.55, S4.56: another program makes a sandbox for a person and works in it, and the person sees all of it", async ({
  workspace,
}) => {
  const accessToken = await signInForAccessToken(workspace);
  const userId = String(claimsOf(accessToken).sub);
  const id = `job-${randomUUID().slice(0, 8)}`;
  const created = await call("/sandbox", "POST", { id, userId });
  expect(created).toEqual({ status: 200, body: { success: true, sandboxId: id, status: "running" } });

  await workspace.threads.getByRole("link", { name: id }).click();
  const answered = await call(`/sandbox/${id}/message`, "POST", {
    message: "$ echo by-program-$((40 + 2)) | tee made.txt",
  });
  expect(answered).toMatchObject({ status: 200, body: { sessionId: expect.stringMatching(/^ses_/) } });
  expect(JSON.stringify(answered.body.parts)).toContain("by-program-42");
  await workspace.waitForOutput("by-program-42");

  await workspace.waitUntilAnswered();
  await workspace.send("$ sed s/program/person/ made.txt");
  await workspace.waitForOutput("by-person-42");
  await workspace.waitUntilAnswered();
  const info = await call(`/sandbox/${id}`, "GET", undefined, accessToken);
  expect(info.body).toMatchObject({ id, userId, status: "running", provider: "local", generation: 1 });

  expect(await call(`/sandbox/${id}`, "DELETE")).toEqual({ status: 200, body: { success: true, sandboxId: id } });
  await expect(workspace.page.getByText("This thread doesn’t exist, or you don’t have access.")).toBeVisible();
  expect((await call(`/sandbox/${id}`, "GET")).status).toBe(404);
});
