import type { Page } from "@playwright/test";
import { createThread, signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test, Workspace } from "../support/fixtures.ts";
import { rawRequest } from "../support/raw-request.ts";

const signInButton = (page: Page) => page.getByRole("button", { name: "Sign in" });

const signOut = async ({ page }: Workspace): Promise<void> => {
  await page.getByRole("button", { name: /^Account: / }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  // The browser goes by the identity provider; until it is back, nobody can sign in.
  await expect(page).toHaveURL(`${main.appOrigin}/sign-in`);
  await expect(signInButton(page)).toBeEnabled();
};

/** Everything that the browser keeps for this origin and could show to the next user by itself. */
const keptWords = ({ page }: Workspace) =>
  page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));

/** How many users of this browser have a store for what they type; a page has looked into its own when it is there. */
const draftStores = ({ page }: Workspace) =>
  page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name?.includes("drafts")).length);

const refreshTokenOf = async (workspace: Workspace): Promise<string> => {
  const token = /"workos:refresh-token[^"]*":"([^"]+)"/.exec(await keptWords(workspace))?.[1];
  if (token === undefined) throw new Error("The browser keeps no refresh token.");
  return token;
};

/** Asks the identity provider to go on with the session of that token. */
const renew = (refreshToken: string) =>
  rawRequest(`${main.authUrl}/user_management/authenticate`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: main.appOrigin },
    body: JSON.stringify({ client_id: "client_local", grant_type: "refresh_token", refresh_token: refreshToken }),
  });

/** Resolves once every socket of a thread that the page had is closed. */
const threadSocketsOf = (page: Page) => {
  const open = new Set<string>();
  let count = 0;
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/agents/chat/")) return;
    const id = String(count++);
    open.add(id);
    socket.on("close", () => open.delete(id));
  });
  return { opened: () => count, open: () => open.size };
};

test("signing out ends the session in every tab, and the next user of the browser finds nothing", async ({
  workspace,
  context,
}) => {
  const accessToken = await signInForAccessToken(workspace);
  const firstUser = workspace.userName;
  const threadId = await createThread(accessToken);
  const threadUrl = `${main.appOrigin}/t/${threadId}`;
  const { page } = workspace;
  await workspace.openNewThread();
  await workspace.composer.fill("an unsent word of mine");

  const second = new Workspace(await context.newPage());
  const sockets = threadSocketsOf(second.page);
  await second.page.goto(main.appOrigin);
  await second.page.goto(threadUrl);
  await second.composer.fill("a draft in this thread");
  await expect.poll(() => [sockets.opened() > 0, sockets.open()]).toEqual([true, 1]);
  const refreshToken = await refreshTokenOf(workspace);

  await signOut(workspace);
  await test.step("the session is over, here and at the identity provider", async () => {
    await expect(signInButton(page)).toBeVisible();
    expect(await keptWords(workspace)).not.toMatch(/token|session_|eyJ/);
    expect(await context.cookies()).toEqual([]);
    expect((await renew(refreshToken)).status).toBe(400);
  });

  await test.step("the other tab leaves as well, and its sockets close", async () => {
    await expect(signInButton(second.page)).toBeVisible();
    await expect(second.page.getByText(firstUser)).toHaveCount(0);
    await expect(second.composer).toHaveCount(0);
    await expect.poll(sockets.open).toBe(0);
  });

  await test.step("the Back button leads to no data", async () => {
    for (const at of [page, second.page]) {
      await at.goBack();
      await expect(signInButton(at)).toBeVisible();
      await expect(at.getByText(firstUser)).toHaveCount(0);
      await expect(at.getByRole("navigation", { name: "Threads" })).toHaveCount(0);
    }
  });

  await test.step("the next user finds no draft and no thread of the first", async () => {
    await page.goto(main.appOrigin);
    await workspace.signInHere();
    await workspace.openNewThread();
    await expect.poll(() => draftStores(workspace)).toBe(2);
    await expect(workspace.composer).toHaveValue("");
    await page.goto(threadUrl);
    await expect(page.getByRole("heading", { name: "Thread not found" })).toBeVisible();
    await expect(page.getByText(/draft in this thread|unsent word/)).toHaveCount(0);
  });

  await test.step("the first one, signed in again, finds the drafts", async () => {
    await signOut(workspace);
    await signInButton(page).click();
    await page.getByRole("button", { name: firstUser }).click();
    await expect(workspace.composer).toHaveValue("an unsent word of mine");
    await page.goto(threadUrl);
    await expect(workspace.composer).toHaveValue("a draft in this thread");
  });
});
