import { randomUUID } from "node:crypto";
import { callConvex } from "../support/access.ts";
import { durableObjects, doorTest as test } from "../support/door.ts";
import { expect } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";
import { bearer, rawRequest } from "../support/raw-request.ts";
import { restartUrl, signThreadToken } from "../support/thread-token.ts";

/** More frames than a socket may send at once, and fewer refusals than close it. */
const beforeRefusal = 76;

/**
 * Gives the page `flood(frames)` and `floodBeforeNextMessage`. The frames leave in one burst, in the task that sends the
 * message: sent one by one from outside they take so long that the allowance fills up again meanwhile.
 */
const letPageFlood = `
  const send = WebSocket.prototype.send;
  const frame = JSON.stringify({ type: "threadbox_unqueue", messageId: "nothing" });
  let chat;
  globalThis.floodBeforeNextMessage = 0;
  globalThis.flood = (frames) => { for (let n = 0; n < frames; n++) send.call(chat, frame); };
  WebSocket.prototype.send = function (data) {
    if (this.url.includes("/agents/chat/")) chat = this;
    if (String(data).includes("cf_agent_use_chat_request")) {
      flood(floodBeforeNextMessage);
      floodBeforeNextMessage = 0;
    }
    send.call(this, data);
  };
`;

/** More in one minute than a user may ask for, even where the next minute begins meanwhile. */
const tooMany = 241;

test("A46: a user who asks without end is told when to ask again; nothing is woken, and nobody else notices", async ({
  door,
}) => {
  const nobodys = randomUUID().replaceAll("-", "");
  const token = await signThreadToken(nobodys, `user_${nobodys}`);
  const before = durableObjects();
  const ask = (shown: string) => rawRequest(restartUrl(door.thread), { method: "POST", headers: bearer(shown) });
  const answers = await Promise.all(Array.from({ length: tooMany }, () => ask(token)));
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers["retry-after"]).toBe("60");
  expect(JSON.parse(refused?.text ?? "{}")).toMatchObject({ error: { _tag: "RateLimited", retryable: true } });
  expect(answers.filter(({ status }) => status === 403).length).toBeGreaterThanOrEqual(120);
  const othersToken = await signThreadToken(nobodys, door.userId);
  expect((await ask(othersToken)).status).toBe(403);
  expect(durableObjects()).toEqual(before);
});

test("A46: a page that sends without end is closed and says when to try again; message and draft stay", async ({
  workspace,
}) => {
  const { page, composer, conversation } = workspace;
  await page.addInitScript(letPageFlood);
  const held = heldCommand("echo before-$((40 + 2))", "echo after");
  await workspace.begin(held.message);
  // A worker that is busy with a start hears the frames slowly, and the allowance fills again meanwhile.
  await workspace.waitForOutput("before-42");
  await page.evaluate(`floodBeforeNextMessage = ${beforeRefusal}`);
  await workspace.send("A message that meets the limit");
  await expect(conversation).toContainText(/Not sent\.\s*Too many requests\. Try again in \d+ seconds?\./);
  await composer.fill("A draft that stays");
  await page.evaluate("flood(200)");
  await expect(page.getByRole("alert").last()).toContainText(/Too many requests\. Try again in \d+ seconds?\./);

  await page.getByRole("button", { name: "Reload" }).click();
  await expect(composer).toHaveValue("A draft that stays");
  await expect(conversation.getByText("A message that meets the limit")).toHaveCount(1);
  await expect(conversation).not.toContainText("Not sent.");
  await held.release();
});

test("O4: what was refused in a user's name is one audit row, which that user reads and no other", async ({ door }) => {
  const readAudit = async (accessToken: string) => {
    const args = { paginationOpts: { numItems: 100, cursor: null } };
    const { page } = (await callConvex("query", "audit:list", args, accessToken)) as { page: object[] };
    return page;
  };
  const token = await signThreadToken(door.thread, door.userId);
  const headers = { ...bearer(token), "x-user-id": "canary-header" };
  await rawRequest(restartUrl(door.othersThread), { method: "POST", headers });
  await expect
    .poll(() => readAudit(door.accessToken))
    .toContainEqual(
      expect.objectContaining({ action: "request.refused", outcome: "refused", tag: "ThreadScopeMismatch" }),
    );
  expect(JSON.stringify(await readAudit(door.accessToken))).not.toMatch(new RegExp(`canary|${door.othersThread}`));
  expect(JSON.stringify(await readAudit(door.othersAccessToken))).not.toMatch(/ThreadScopeMismatch/);
});
