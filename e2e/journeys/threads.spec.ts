import type { Locator } from "@playwright/test";
import { callConvex, createThread, signInForAccessToken } from "../support/access.ts";
import { expect, test, type Workspace } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";

/** Signs a new user in who has threads of these titles, the last one the newest. */
const signInWith = async (workspace: Workspace, titles: readonly string[]): Promise<void> => {
  const accessToken = await signInForAccessToken(workspace);
  for (const title of titles) {
    const threadId = await createThread(accessToken);
    await callConvex("mutation", "threads:rename", { threadId, title }, accessToken);
  }
  await expect(rowsOf(workspace.threads)).toHaveText(titles.toReversed());
};

/** The titles in the list, from its top. */
const rowsOf = (list: Locator): Locator => list.getByRole("link");

const choose = async (list: Locator, title: string, item: string): Promise<void> => {
  await list.getByRole("button", { name: `Actions for ${title}` }).click();
  await list
    .page()
    .getByRole("menuitem", { name: new RegExp(`^${item}`) })
    .click();
};

test("two users cannot see each other's threads", async ({ workspace, otherWorkspace }) => {
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  await workspace.composer.fill("$ echo of-the-first-user");
  // One press, one message, however often the button is hit while the page changes.
  await workspace.page.getByRole("button", { name: "Send", exact: true }).dblclick();
  await workspace.waitUntilAnswered();
  await expect(workspace.conversation.getByRole("article", { name: "You" })).toHaveCount(1);
  await expect(rowsOf(workspace.threads)).toHaveCount(1);
  const url = workspace.page.url();
  await otherWorkspace.signInAsNewUser();
  await expect(otherWorkspace.threads).toContainText("No threads yet");
  await expect(otherWorkspace.threads.getByText("of-the-first-user")).toBeHidden();
  await otherWorkspace.page.goto(url);
  await expect(otherWorkspace.page.getByText(/not found|does not exist/i).first()).toBeVisible();
  await expect(otherWorkspace.page.getByText("of-the-first-user")).toBeHidden();
});

test("a thread can be renamed, and deleted with undo", async ({ workspace }) => {
  const { page, threads } = workspace;
  await signInWith(workspace, ["Alpha", "Beta"]);
  await choose(threads, "Alpha", "Rename");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("A better title");
  await page.keyboard.press("Enter");
  await expect(rowsOf(threads)).toHaveText(["Beta", "A better title"]);
  await choose(threads, "A better title", "Delete");
  await expect(rowsOf(threads)).toHaveText(["Beta"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(rowsOf(threads)).toHaveText(["Beta", "A better title"]);
});

test("pinned threads stand first, the newest on top among them and among the others", async ({ workspace }) => {
  const { page, threads } = workspace;
  await signInWith(workspace, ["Oldest", "Older", "Newer", "Newest"]);
  const pinned = threads.getByRole("region", { name: "Pinned" });
  await choose(threads, "Oldest", "Pin");
  await expect(rowsOf(threads)).toHaveText(["Oldest", "Newest", "Newer", "Older"]);
  await choose(threads, "Newer", "Pin");
  await expect(rowsOf(threads)).toHaveText(["Newer", "Oldest", "Newest", "Older"]);
  await expect(rowsOf(pinned)).toHaveText(["Newer", "Oldest"]);
  await page.reload();
  await expect(rowsOf(pinned)).toHaveText(["Newer", "Oldest"]);
  await choose(threads, "Oldest", "Unpin");
  await expect(rowsOf(pinned)).toHaveText(["Newer"]);
  await expect(rowsOf(threads)).toHaveText(["Newer", "Newest", "Older", "Oldest"]);
});

test("search shows the threads whose titles match, and no other", async ({ workspace }) => {
  const { threads } = workspace;
  await signInWith(workspace, ["Bake bread", "Mend the roof", "Bread for the roof"]);
  const search = threads.getByRole("searchbox");
  await search.fill("bread");
  await expect(threads.getByText("Mend the roof")).toBeHidden();
  await expect(rowsOf(threads)).toHaveCount(2);
  await search.fill("mend");
  await expect(rowsOf(threads)).toHaveText(["Mend the roof"]);
  await search.fill("zeppelin");
  await expect(threads.getByText("No threads match “zeppelin”.")).toBeVisible();
  await expect(rowsOf(threads)).toHaveCount(0);
  await threads.getByRole("button", { name: "Clear search" }).last().click();
  await expect(rowsOf(threads)).toHaveText(["Bread for the roof", "Mend the roof", "Bake bread"]);
});

test("an archived thread leaves the list for the archive, opens there, and comes back", async ({ workspace }) => {
  const { page, threads } = workspace;
  await signInWith(workspace, ["Kept", "Put away"]);
  await choose(threads, "Put away", "Archive");
  await expect(rowsOf(threads)).toHaveText(["Kept"]);
  await page.getByRole("button", { name: /^Account: / }).click();
  await page.getByRole("menuitem", { name: "Archived threads" }).click();
  const archive = page.getByRole("main");
  await expect(rowsOf(archive)).toHaveText(["Put away"]);
  await rowsOf(archive).click();
  await expect(workspace.composer).toBeVisible();
  await expect(page.getByRole("heading", { name: "Put away", level: 1 })).toBeVisible();
  await page.goBack();
  await choose(archive, "Put away", "Unarchive");
  await expect(archive.getByText("No archived threads.")).toBeVisible();
  await expect(rowsOf(threads)).toHaveText(["Put away", "Kept"]);
});

test("a thread that answers out of sight is marked as unread until it is opened", async ({ workspace }) => {
  const { page, threads } = workspace;
  const held = heldCommand("echo first-$((40 + 2))", "echo last-$((40 + 2))");
  await workspace.begin(held.message);
  await workspace.waitForOutput("first-42");
  const row = threads.getByRole("listitem").filter({ hasText: "echo first" });
  const mark = row.getByText("Unread");
  await workspace.openNewThread();
  await expect(row.getByText("Running")).toBeAttached();
  await expect(mark).toHaveCount(0);
  await held.release();
  await expect(mark).toBeAttached();
  await page.reload();
  await expect(mark).toBeAttached();
  await rowsOf(row).click();
  await workspace.waitForOutput("last-42");
  await expect(mark).toHaveCount(0);
  await workspace.openNewThread();
  await page.reload();
  await expect(row).toBeVisible();
  await expect(mark).toHaveCount(0);
});
