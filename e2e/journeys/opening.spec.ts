import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures.ts";

// What moves by itself is in what is looked at here.
test.use({ contextOptions: { reducedMotion: "no-preference" } });

/** The code of what stands in the answers beside their words: a tool's card. */
const cardCode = /\/assets\/work-[^/]+\.js$/;
const liveCode = /\/assets\/live-thread-view-[^/]+\.js$/;

/** Looks at every frame from now on: how many messages it shows, and where. The clock of it all is the browser's. */
const watchFrames = (page: Page) =>
  page.evaluate(() => {
    const frames: string[] = [];
    const look = () => {
      const shown = [...document.querySelectorAll<HTMLElement>("article")].map((article) => {
        const { top, left, width, height } = article.getBoundingClientRect();
        return [top, left, width, height].map(Math.round).join(" ");
      });
      frames.push(shown.join(" | "));
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Reflect.set(window, "seenFrames", frames);
  });

const hold = async (page: Page, code: RegExp) => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await page.route(code, async (route) => {
    await held;
    await route.continue();
  });
  return { release };
};

const differentFrames = (page: Page) =>
  page.evaluate(() => [...new Set(Reflect.get(window, "seenFrames") as readonly string[])]);

test("a thread can be read before its live code is here, and nothing moves when that comes", async ({
  page,
  workspace,
}) => {
  await workspace.begin("$ seq 60");
  await expect(workspace.newest).toContainText("59");
  await workspace.waitUntilAnswered();

  const card = await hold(page, cardCode);
  const live = await hold(page, liveCode);
  await page.reload();
  const messages = workspace.conversation.getByRole("article");
  await expect(messages).toHaveCount(2);
  await expect(messages.last()).toContainText("seq 60");
  await expect(workspace.composer).toBeEditable();
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (const article of document.querySelectorAll("article")) article.setAttribute("data-early", "");
  });

  await watchFrames(page);
  card.release();
  await expect(messages.last().getByRole("button", { name: "seq 60" })).toBeVisible();
  live.release();
  await expect(page.locator("article[data-early]")).toHaveCount(0);
  await expect(messages.last().getByRole("button", { name: "Retry" })).toBeEnabled();
  expect(await differentFrames(page)).toHaveLength(1);

  await workspace.send("$ echo still here");
  await expect(messages).toHaveCount(4);
  await workspace.waitUntilAnswered();
  await workspace.waitForOutput("still here");
});
