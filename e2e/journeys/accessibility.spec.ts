import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { createThread, signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { heldCommand, lines } from "../support/held-command.ts";
import { waitUntilAtRest } from "../support/rest.ts";

/** Looks at the page as it stands, in both colour schemes. A colour that is still fading has no contrast to measure. */
const expectAccessible = async (page: Page, state: string) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await waitUntilAtRest(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })));
    expect(found, `${state}, ${colorScheme}`).toEqual([]);
  }
};

test("no page and no state of a thread keeps anybody out, in light and in dark", async ({ workspace }) => {
  const { page, conversation } = workspace;
  await page.goto(`${main.appOrigin}/sign-in`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await expectAccessible(page, "sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: "Create account" })).toBeVisible();
  await expectAccessible(page, "the identity page");

  const accessToken = await signInForAccessToken(workspace);
  await expect(workspace.composer).toBeVisible();
  await expectAccessible(page, "home");
  const emptyThread = await createThread(accessToken);
  await page.goto(`${main.appOrigin}/t/${emptyThread}`);
  await expect(workspace.composer).toBeEnabled();
  await expectAccessible(page, "an empty thread");

  const held = heldCommand("echo here-$((40 + 2))", "false");
  await workspace.send(`write notes.md: # A title\n${held.message}\n$ echo done-$((40 + 2))`);
  await workspace.waitForOutput("here-42");
  await workspace.waitUntilRunning();
  await expectAccessible(page, "a running thread");
  await held.release();
  await workspace.waitForOutput("done-42");
  await workspace.waitUntilAnswered();
  const closed = conversation.getByRole("button", { expanded: false });
  while ((await closed.count()) > 0) await closed.first().click();
  await expectAccessible(page, "a thread with open tool cards");
  await page.getByRole("button", { name: "Thread actions" }).click();
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
  await expectAccessible(page, "the thread's menu");
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await expect(page.getByRole("textbox", { name: "Thread title" })).toBeFocused();
  await expectAccessible(page, "renaming");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Sandbox: / }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "the sandbox's dialog");
  await page.keyboard.press("Escape");
  await conversation.getByText("write notes.md").first().hover();
  await conversation.getByRole("button", { name: "Edit message" }).click();
  await expectAccessible(page, "editing a message");

  for (const path of ["/settings", "/archived", "/admin", "/t/nobodys-thread", "/nowhere"]) {
    await page.goto(`${main.appOrigin}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page, path);
  }
});

/** Presses Tab until that is focused, visibly so; backwards with Shift. */
const tabTo = async (page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab") => {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((element) => element.matches(":focus-visible"))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${target} is not reached by ${key}`);
};

test("everything of a first thread is done by keyboard alone, and what happens is said", async ({ workspace }) => {
  const { page, conversation, composer } = workspace;
  await page.goto(main.appOrigin);
  await tabTo(page, page.getByRole("button", { name: "Sign in" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("textbox", { name: "Name" }));
  await page.keyboard.type("Keyboard Only");
  await page.keyboard.press("Enter");
  await expect(workspace.threads).toBeVisible();

  await tabTo(page, page.getByRole("button", { name: "New thread" }).first());
  await page.keyboard.press("Enter");
  await expect(composer).toBeFocused();
  await page.keyboard.type(heldCommand(lines(1, 2), "true").message);
  await page.keyboard.press("Enter");
  await expect(conversation).toContainText("line 2");
  await expect(page.getByText("Answering…")).toBeAttached();
  await workspace.waitUntilRunning();
  await expect(conversation).toHaveAttribute("aria-live", "off");
  await expect(workspace.newest).toHaveAttribute("aria-busy", "true");
  await expect(composer).toBeFocused();
  await tabTo(page, workspace.stopButton);
  await page.keyboard.press("Enter");
  await workspace.waitUntilAnswered();
  await expect(page.getByText("Stopped.", { exact: true })).toBeAttached();
  expect(await page.evaluate(() => document.activeElement === document.body), "the focus is lost").toBe(false);

  await tabTo(page, workspace.toolCard, "Shift+Tab");
  const wasOpen = await workspace.toolCard.getAttribute("aria-expanded");
  await page.keyboard.press("Enter");
  await expect(workspace.toolCard).not.toHaveAttribute("aria-expanded", wasOpen ?? "");
  await page.keyboard.press("Space");
  await expect(workspace.toolCard).toHaveAttribute("aria-expanded", wasOpen ?? "");

  const menu = page.getByRole("button", { name: "Thread actions" });
  await tabTo(page, menu, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await expect(menu).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("menuitem", { name: "Delete" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Thread title" })).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("Named by keyboard");
  await page.keyboard.press("Enter");
  await expect(workspace.threads.getByText("Named by keyboard")).toBeVisible();

  await page.keyboard.press("ControlOrMeta+Shift+O");
  await expect(composer).toBeFocused();
  await expect(page).toHaveURL(`${main.appOrigin}/`);
});
