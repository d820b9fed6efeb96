import type { Locator, Page } from "@playwright/test";
import { expect, test, Workspace } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";
import { waitUntilAtRest } from "../support/rest.ts";

const expectNoSidewaysScroll = async (page: Page, state: string) => {
  await waitUntilAtRest(page);
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      (/(auto|scroll|hidden|clip)/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.querySelectorAll("body *")]
      .filter((element) => {
        const { left, right, width: own } = element.getBoundingClientRect();
        return own > 0 && (right > width + 1 || left < -1) && !scrolls(element.parentElement);
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
  expect(wide, state).toEqual([]);
  const { scroll, client } = await page.evaluate(() => ({
    scroll: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
    client: document.documentElement.clientWidth,
  }));
  expect(scroll, state).toBeLessThanOrEqual(client);
};

/** A finger that moves from the middle of the screen by so much, and leaves. */
const swipe = (target: Locator, [dx, dy]: readonly [number, number]) =>
  target.evaluate(
    (element, { dx, dy }) => {
      const touch = (x: number, y: number) => new Touch({ identifier: 1, target: element, clientX: x, clientY: y });
      const tell = (type: string, point: Touch, touches: Touch[]) =>
        element.dispatchEvent(new TouchEvent(type, { bubbles: true, touches, changedTouches: [point] }));
      tell("touchstart", touch(200, 300), [touch(200, 300)]);
      tell("touchend", touch(200 + dx, 300 + dy), []);
    },
    { dx, dy },
  );

/** A finger that lands up to 21 px beside the middle still hits it. */
const expectTouchable = async (target: Locator) => {
  await waitUntilAtRest(target.page());
  const missed = await target.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    return [
      [-21, 0],
      [21, 0],
      [0, -21],
      [0, 21],
    ].filter(([dx = 0, dy = 0]) => !element.contains(document.elementFromPoint(x + dx, y + dy)));
  });
  expect(missed, String(target)).toEqual([]);
};

test("a phone holds the whole of it: threads in a sheet, a message, a tool card, nothing cut off", async ({
  browser,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  const workspace = new Workspace(page);
  const { composer, conversation, threads } = workspace;
  const menu = page.getByRole("button", { name: "Show sidebar" });

  await page.goto("/");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await expectNoSidewaysScroll(page, "sign-in");
  await page.getByRole("button", { name: "Sign in" }).tap();
  await expect(page.getByRole("button", { name: "Create account" })).toBeVisible();
  await expectNoSidewaysScroll(page, "the identity page");
  await page.getByRole("textbox", { name: "Name" }).fill("A Person With A Phone And A Rather Long Name");
  await page.getByRole("button", { name: "Create account" }).tap();
  await expect(composer).toBeVisible();
  await expect(threads).toBeHidden();
  await expectNoSidewaysScroll(page, "home");

  await composer.tap();
  const long = "unbroken".repeat(40);
  const held = heldCommand(`for i in 1 2 3 4; do echo "line $i ${long}"; done`, "true");
  await composer.fill(held.message);
  await composer.press("Enter");
  await expect(composer, "Enter makes a new line where there is no Shift").toHaveValue(/\n$/);
  const send = page.getByRole("button", { name: "Send", exact: true });
  await expectTouchable(send);
  await send.tap();
  await workspace.waitUntilRunning();
  await expectTouchable(workspace.stopButton);
  await workspace.waitForOutput("line 4");
  await expectNoSidewaysScroll(page, "a running thread");
  await held.release();
  await workspace.waitUntilAnswered();
  await expectTouchable(menu);
  expect((await workspace.toolCard.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  const wasOpen = (await workspace.toolCard.getAttribute("aria-expanded")) ?? "";
  await workspace.toolCard.tap();
  await expect(workspace.toolCard).not.toHaveAttribute("aria-expanded", wasOpen);
  await expectNoSidewaysScroll(page, "a thread with a card");
  const composerBox = await composer.boundingBox();
  expect((composerBox?.y ?? 0) + (composerBox?.height ?? 0)).toBeLessThan(844);

  await menu.tap();
  const sheet = page.getByRole("dialog", { name: "Threads" });
  await expect(sheet).toBeVisible();
  await expectNoSidewaysScroll(page, "the sheet");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await menu.tap();
  await swipe(sheet, [-20, 0]);
  await swipe(sheet, [-90, 80]);
  await swipe(sheet, [90, 0]);
  await expect(sheet, "what scrolls or goes the other way closes nothing").toBeVisible();
  await swipe(sheet, [-90, 10]);
  await expect(sheet).toBeHidden();
  await menu.tap();
  await sheet.getByRole("button", { name: "New thread" }).tap();
  await expect(sheet).toBeHidden();
  await expect(page).toHaveURL("/");
  await menu.tap();
  await sheet.getByRole("link", { name: /for i in/ }).tap();
  await expect(sheet).toBeHidden();
  await expect(page).toHaveURL(/\/t\//);
  await workspace.waitForOutput("line 4");
  await expect(conversation).toBeInViewport();

  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page, "a narrow phone");
  for (const path of ["/settings", "/archived", "/t/nobodys-thread"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page, path);
  }
  await context.close();
});
