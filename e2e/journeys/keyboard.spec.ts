import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";

test("every key leaves the focus where the next one is wanted", async ({ workspace }) => {
  const { page, composer, conversation, threads } = workspace;
  await workspace.begin("$ echo first");
  await workspace.waitUntilAnswered();
  const first = page.url();
  await workspace.openNewThread();
  await workspace.send("$ echo second");
  await workspace.waitUntilAnswered();
  const second = page.url();

  await composer.focus();
  await page.keyboard.press("F2");
  const title = page.getByRole("textbox", { name: "Thread title" });
  await expect(title).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(title).toBeHidden();
  await expect(page.getByRole("button", { name: "Thread actions" })).toBeFocused();

  await composer.focus();
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("textbox", { name: "Edit message" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(composer).toBeFocused();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(page).toHaveURL(first);
  await expect(conversation).toContainText("first");
  await composer.focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page).toHaveURL(second);

  await page.getByRole("button", { name: "Hide sidebar" }).click();
  await expect(page.getByRole("button", { name: "Show sidebar" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(threads).toBeVisible();

  await page.keyboard.press("ControlOrMeta+,");
  await expect(page).toHaveURL(`${main.appOrigin}/settings`);
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeFocused();

  await page.goto(second);
  await expect(composer).toBeVisible();
  const skip = page.getByRole("button", { name: "Skip to message" });
  expect(await skip.evaluate((button) => button === document.querySelector("a[href], button, input, textarea"))).toBe(
    true,
  );
  await skip.focus();
  await page.keyboard.press("Enter");
  await expect(composer).toBeFocused();
});

test("the focus never falls off the page: rows, menus, deletion, undo and the sheet of shortcuts", async ({
  workspace,
}) => {
  const { page, composer, threads } = workspace;
  await workspace.begin("$ echo first-$((40 + 2))");
  await workspace.waitForOutput("first-42");
  await workspace.waitUntilAnswered();
  await workspace.openNewThread();
  await workspace.send("$ echo second-$((40 + 2)); exit 3");
  await workspace.waitForOutput("second-42");
  await workspace.waitUntilAnswered();
  await expect(page.getByText(/^Answer complete, \d+ words\. 1 failed step\.$/)).toBeAttached();
  const [second, first] = [threads.getByRole("link").first(), threads.getByRole("link").last()];

  await composer.focus();
  await page.keyboard.press("ControlOrMeta+Shift+C");
  await expect(page.getByText("Answer copied")).toBeVisible();

  await first.focus();
  await page.keyboard.press("F2");
  await expect(threads.getByRole("textbox", { name: "Thread title" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(first).toBeFocused();

  const menu = threads.getByRole("button", { name: /^Actions for / }).last();
  await expect(menu, "Tab passes over the menus of the rows").toHaveAttribute("tabindex", "-1");
  await page.keyboard.press("ArrowRight");
  await expect(menu).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Delete" }).focus();
  await page.keyboard.press("Enter");
  await expect(threads.getByRole("link")).toHaveCount(1);
  await expect(second).toBeFocused();
  await page.keyboard.press("F6");
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(threads.getByRole("link")).toHaveCount(2);
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);

  await second.focus();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toContainText("Copy last answer");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(second).toBeFocused();
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await palette.getByRole("combobox").fill("archived");
  await expect(palette.getByRole("option", { selected: true })).toContainText("Archived threads");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/archived$/);
  await expect(page.getByRole("heading", { name: "Archived threads", level: 1 })).toBeVisible();
  await expect(second, "what had the focus is still here").toBeFocused();
  await page.keyboard.press("ControlOrMeta+k");
  await palette.getByRole("combobox").fill("second");
  const found = palette.getByRole("group", { name: "Messages" }).getByRole("option").first();
  await expect(found.locator("mark")).toHaveText(/second/i);
  await found.click();
  await expect(page).toHaveURL(/\/t\/.+#/);
  await expect(page.getByRole("article").filter({ hasText: "echo second" }).first()).toBeInViewport();
});
