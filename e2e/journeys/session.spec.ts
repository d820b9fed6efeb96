import type { Page } from "@playwright/test";
import { createThread, signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { logsSince, markLogs } from "../support/evidence.ts";
import { expect, test, type Workspace } from "../support/fixtures.ts";
import { killProcess } from "../support/processes.ts";
import { rawRequest } from "../support/raw-request.ts";
import { claimsOf } from "../support/thread-token.ts";

const issuing = "**/api/thread-token";
const reading = "**/get-messages*";
const draft = "a draft of mine";
const stillSignedIn = "You’re still signed in, and your draft is saved.";

/** Answers those requests with a refusal, as the server would, until it is taken back. */
const refuse = (page: Page, address: string, status: number, tag: string) =>
  page.route(address, (route) =>
    route.fulfill({
      status,
      json: {
        error: { _tag: tag, message: "No.", requestId: "7f3ka0c1-0000-4000-8000-00000000ab22", retryable: false },
      },
      headers: { "x-tss-raw": "true", "access-control-allow-origin": main.appOrigin },
    }),
  );

/** An own thread with a draft in it, in an open page whose socket is at work. */
const openWithDraft = async (workspace: Workspace): Promise<{ readonly accessToken: string; readonly url: string }> => {
  const accessToken = await signInForAccessToken(workspace);
  const url = `${main.appOrigin}/t/${await createThread(accessToken)}`;
  const opened = workspace.page.waitForEvent("websocket", (socket) => socket.url().includes("/agents/chat/"));
  const heard = opened.then((socket) => socket.waitForEvent("framereceived"));
  await workspace.page.goto(url);
  await expect(workspace.conversation).toBeVisible();
  await workspace.composer.fill(draft);
  await heard;
  return { accessToken, url };
};

/** The identity provider ends the session, as an administrator or another device would. */
const endSession = (accessToken: string) =>
  rawRequest(`${main.authUrl}/user_management/sessions/logout?session_id=${claimsOf(accessToken).sid}`);

test("a session that has ended says so, and signing in leads back to the same place and the draft", async ({
  workspace,
}) => {
  const { page } = workspace;
  const { accessToken, url } = await openWithDraft(workspace);
  const other = await createThread(accessToken);
  await endSession(accessToken);
  await refuse(page, issuing, 401, "TokenExpired");
  await workspace.threads.locator(`a[href="/t/${other}"]`).click();
  await expect(page.getByText("Your session ended. Your draft is saved.")).toBeVisible();
  await page.unroute(issuing);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: workspace.userName }).click();
  await expect(page).toHaveURL(`${main.appOrigin}/t/${other}`);
  await page.goto(url);
  await expect(workspace.composer).toHaveValue(draft);
});

for (const [name, address, tag] of [
  ["the web server takes no access token of this user", issuing, "TokenInvalid"],
  ["the web server's clock says that every access token has expired", issuing, "TokenExpired"],
  ["the worker takes no thread token, however new", reading, "TokenInvalid"],
] as const) {
  test(`${name}: nobody is told that the session ended, and nothing is lost`, async ({ workspace }) => {
    const { page } = workspace;
    const { url } = await openWithDraft(workspace);
    await refuse(page, address, 401, tag);
    await page.goto(url);
    const problem = page.getByRole("alert").filter({ hasText: "Couldn’t open this thread" });
    await expect(problem).toContainText(stillSignedIn);
    await expect(page.getByText(/session ended/i)).toHaveCount(0);
    await expect(workspace.threads).toBeVisible();
    await page.unroute(address);
    await problem.getByRole("button", { name: "Reload" }).click();
    await expect(workspace.composer).toHaveValue(draft);
  });
}

test("in an open thread such a refusal stands above the message box, and the draft stays in it", async ({
  workspace,
}) => {
  const { page } = workspace;
  await openWithDraft(workspace);
  await refuse(page, issuing, 401, "TokenInvalid");
  killProcess("worker");
  const notice = page.getByRole("alert").filter({ hasText: stillSignedIn });
  await expect(notice).toBeVisible();
  await expect(workspace.composer).toHaveValue(draft);
  await page.unroute(issuing);
  await notice.getByRole("button", { name: "Reload" }).click();
  await expect(notice).toHaveCount(0);
  await expect(workspace.composer).toHaveValue(draft);
});

test("while Convex cannot be asked the thread waits, and opens by itself", async ({ workspace }) => {
  const { page } = workspace;
  const { url } = await openWithDraft(workspace);
  await refuse(page, issuing, 503, "StoreUnavailable");
  await page.goto(url);
  const connecting = page.getByText("Connecting…");
  await expect(connecting).toBeVisible();
  await expect(page.getByText(/session ended/i)).toHaveCount(0);
  await page.unroute(issuing);
  await expect(connecting).toHaveCount(0);
  await expect(workspace.conversation).toBeVisible();
  await expect(workspace.composer).toHaveValue(draft);
});

test("a thread that is another's, or nobody's, is not found, the session goes on, and no log calls it a fault", async ({
  workspace,
}) => {
  const { url } = await openWithDraft(workspace);
  const marks = markLogs([main]);
  await workspace.page.goto(url.replace(/.{8}$/, "00000000"));
  await expect(workspace.page.getByRole("heading", { name: "Thread not found" })).toBeVisible();
  await workspace.page.getByRole("alert").getByRole("link", { name: "New thread" }).click();
  await expect(workspace.composer).toBeVisible();
  const lines = logsSince(marks, [main]).flatMap(([, text]) => text.split("\n"));
  expect(lines.filter((line) => /Uncaught|"level":(?:[4-6]0|"(?:warn|error)")/.test(line))).toEqual([]);
});
