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
