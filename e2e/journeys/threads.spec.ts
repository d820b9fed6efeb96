import { expect, test } from "../stack/fixtures.ts";

test("two users cannot see each other's threads", async ({ workspace, otherWorkspace }) => {
  await workspace.begin("$ echo of-the-first-user");
  await workspace.waitUntilAnswered();
  const url = workspace.page.url();
  await otherWorkspace.signInAsNewUser();
  await expect(otherWorkspace.threads).toContainText("Your threads will stand here");
  await expect(otherWorkspace.threads.getByText("of-the-first-user")).toBeHidden();
  await otherWorkspace.page.goto(url);
  await expect(otherWorkspace.page.getByText(/not found|does not exist/i).first()).toBeVisible();
  await expect(otherWorkspace.page.getByText("of-the-first-user")).toBeHidden();
});

test("a thread can be renamed, pinned, found, archived, and deleted with undo", async ({ workspace }) => {
  const { page, threads } = workspace;
  await workspace.begin("hello there");
  await workspace.waitUntilAnswered();
  const menu = async (item: string) => {
    await threads
      .getByRole("button", { name: /^Actions for/ })
      .first()
      .click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await menu("Rename");
  await expect(page.getByRole("textbox", { name: "Thread title" })).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("A better title");
  await page.keyboard.press("Enter");
  await expect(threads.getByText("A better title")).toBeVisible();
  await menu("Pin");
  await expect(threads.getByText("Pinned")).toBeVisible();
  await threads.getByRole("searchbox").fill("worse");
  await expect(threads).toContainText("No title matches");
  await threads.getByRole("searchbox").fill("better");
  await expect(threads.getByText("A better title")).toBeVisible();
  await threads.getByRole("searchbox").fill("");
  await menu("Delete");
  await expect(threads.getByText("A better title")).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(threads.getByText("A better title")).toBeVisible();
  await menu("Archive");
  await expect(threads.getByText("A better title")).toBeHidden();
});
