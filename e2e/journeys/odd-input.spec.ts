import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Locator } from "@playwright/test";
import { callConvex, signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";

/** An Enter that confirms what an input method composed, in Safari's order: the composition has ended before it. */
const confirmComposition = (field: Locator): Promise<boolean> =>
  field.evaluate((element) => {
    element.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    element.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "日本" }));
    const keys = [{}, { ctrlKey: true }].map((modifier) => {
      const event = new KeyboardEvent("keydown", {
        key: "Enter",
        code: "Enter",
        bubbles: true,
        cancelable: true,
        ...modifier,
      });
      Object.defineProperty(event, "keyCode", { value: 229 });
      return event;
    });
    return keys.every((event) => element.dispatchEvent(event));
  });

test("what is sent is what was typed, to the last space and line", async ({ workspace }) => {
  const accessToken = await signInForAccessToken(workspace);
  await workspace.openNewThread();
  const typed = "    indented\n\ttabbed  twice\n\n\n  \u00A0odd: \u200F\u0301\u{1F469}\u200D\u{1F4BB} <b>&amp; ﷽\n\n\n";
  await workspace.composer.fill(typed);
  await workspace.composer.press("Enter");
  await workspace.waitUntilAnswered();
  const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1);
  const args = { threadId, paginationOpts: { numItems: 10, cursor: null } };
  const expectRecord = async () => {
    const list = (await callConvex("query", "messages:list", args, accessToken)) as {
      readonly page: readonly { readonly role: string; readonly parts: string }[];
    };
    const said = list.page.filter(({ role }) => role === "user").map(({ parts }) => JSON.parse(parts));
    expect(said).toEqual([[expect.objectContaining({ type: "text", text: typed })]]);
  };
  await expect(expectRecord).toPass();
  const article = workspace.conversation.getByRole("article", { name: "You" });
  await article.hover();
  await article.getByRole("button", { name: "Edit message" }).click();
  await expect(workspace.conversation.getByRole("textbox", { name: "Edit message" })).toHaveValue(typed);
});

test("an Enter that confirms a composition confirms it, and does nothing else", async ({ workspace }) => {
  const { page, composer, conversation } = workspace;
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  const expectKept = async (field: Locator, text: string) => {
    await field.fill(text);
    expect(await confirmComposition(field)).toBe(true);
    await expect(field).toHaveValue(text);
    await expect(field).toBeVisible();
  };
  await expectKept(composer, "日本");
  await expect(page).not.toHaveURL(/\/t\//);
  await composer.press("Enter");
  await workspace.waitUntilAnswered();

  await expectKept(composer, "日本語");
  await expect(conversation.getByRole("article", { name: "You" })).toHaveCount(1);

  await conversation.getByRole("article", { name: "You" }).hover();
  await conversation.getByRole("button", { name: "Edit message" }).click();
  const edit = conversation.getByRole("textbox", { name: "Edit message" });
  await expectKept(edit, "日本の");
  await edit.press("Escape");

  await page.keyboard.press("F2");
  const title = page.getByRole("textbox", { name: "Title" });
  await expectKept(title, "題名");
  await title.press("Escape");

  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog").getByRole("combobox");
  await expectKept(palette, "set");
  await palette.press("Escape");
  await expect(page).toHaveURL(/\/t\//);
  await expect(composer).toHaveValue("日本語");
});

test("the card of a long file opens in its place, and what comes next is there", async ({ workspace }) => {
  const { page, conversation } = workspace;
  const stretch = () =>
    page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight);
  await workspace.begin('$ seq -f "line %g of the file" 0 399 > long.txt\nread long.txt');
  await workspace.waitUntilAnswered();
  const card = conversation.getByRole("button", { name: /long\.txt/ }).last();
  if ((await card.getAttribute("aria-expanded")) === "false") await card.click();
  await expect(conversation.getByText("line 0 of the file").last()).toBeVisible();
  await conversation.getByText("line 399 of the file").last().scrollIntoViewIfNeeded();
  expect(await stretch()).toBe(0);
  await workspace.send("$ echo next-$((40 + 2))");
  await workspace.waitForOutput("next-42");
  await expect(conversation.getByText("next-42").last()).toBeInViewport();
  expect(await stretch()).toBe(0);
});

test("a file tool is refused what has no end, at once, and the turn goes on", async ({ workspace }) => {
  const { conversation } = workspace;
  await workspace.begin(
    "$ mkfifo pipe && ln -s pipe link\nread pipe\nread link\nread /dev/zero\n$ echo after-$((40 + 2))",
  );
  await workspace.waitForOutput("after-42");
  await workspace.waitUntilAnswered();
  const refused = conversation.getByRole("button", { name: /Read file/ });
  await expect(refused).toHaveCount(3);
  for (const card of await refused.all()) {
    await expect(card).toContainText("Failed");
    await card.click();
  }
  await expect(conversation.getByText(/\/(pipe|link|zero) is not a regular file\./)).toHaveCount(3);
});

test("a message as long as a book is cut to a screen, and shown whole when that is asked for", async ({
  workspace,
}) => {
  const { composer, conversation } = workspace;
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  await composer.fill(`${"A long line of words for a message. ".repeat(3_400)}The last word.`);
  await composer.press("Enter");
  const sent = conversation.getByRole("article", { name: "You" });
  const heightOf = async () => (await sent.boundingBox())?.height ?? 0;
  await expect(sent).toContainText("A long line of words");
  expect(await heightOf()).toBeLessThan(1_000);
  await expect(sent).not.toContainText("The last word.");
  await workspace.waitUntilAnswered();
  await sent.getByRole("button", { name: "Show all (122 kB)" }).click();
  await expect(sent).toContainText("The last word.");
});

test("a double click on Send makes one thread with one message", async ({ workspace }) => {
  const { page, composer, conversation, threads } = workspace;
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  await composer.fill("$ echo once-$((40 + 2))");
  await page.getByRole("button", { name: "Send", exact: true }).dblclick();
  await workspace.waitUntilAnswered();
  await expect(conversation.getByRole("article", { name: "You" })).toHaveCount(1);
  await expect(threads.getByRole("link")).toHaveCount(1);
});

test("a browser that keeps nothing for the site is told what is needed, and nothing turns for ever", async () => {
  const profile = mkdtempSync(join(tmpdir(), "threadbox-forgetful-"));
  mkdirSync(join(profile, "Default"));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(profile, "Default/Preferences"), JSON.stringify(preferences));
  const { executablePath, args } = test.info().project.use.launchOptions ?? {};
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath === undefined ? {} : { executablePath }),
    ...(args === undefined ? {} : { args }),
  });
  try {
    const page = await context.newPage();
    for (const path of ["/", "/sign-in", "/t/k17someoneelses"]) {
      await page.goto(`${main.appOrigin}${path}`);
      await expect(page.getByRole("alert")).toContainText("Your browser blocks cookies and site data here");
      await expect(page.getByRole("button", { name: "Reload" })).toBeEnabled();
    }
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
