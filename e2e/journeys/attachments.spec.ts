import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { withModel } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { give, pickFiles } from "../support/given-files.ts";
import { heldCommand } from "../support/held-command.ts";
import { waitUntilAtRest } from "../support/rest.ts";

const expectAccessible = async (page: Page, state: string) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await waitUntilAtRest(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(found, `${state}, ${colorScheme}`).toEqual([]);
  }
};

const chipsOf = (page: Page) => page.getByRole("list", { name: "Files to send" });
const sendButton = (page: Page) => page.getByRole("button", { name: "Send", exact: true });

test("a pasted picture goes to the model and stays in the conversation; a model that takes none is told of it in words", async ({
  workspace,
  modelled,
}) => {
  const { page, composer, conversation } = workspace;
  modelled.model.reply({ kind: "pictures", refuses: false });
  await workspace.begin("Hello", withModel);
  await workspace.waitUntilAnswered();
  await give(composer, "paste", [{ name: "image.png", type: "image/png", picture: 2_400 }]);
  const chip = chipsOf(page).getByRole("listitem");
  await expect(chip).toContainText("image.png");
  await expect(chip.locator("img")).toBeVisible();
  await workspace.send("What is this?");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("I am shown 1 pictures (image/png), and 0 were left out.");
  await expect(chip).toHaveCount(0);
  await expect(composer).toHaveValue("");

  await page.reload();
  const picture = conversation.getByRole("img", { name: "Picture image.png" });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.src.slice(0, 5)])).toEqual([
    2_400,
    "blob:",
  ]);
  await expect(page.getByRole("button", { name: "Attach files" })).toBeVisible();
  await expectAccessible(page, "a message with a picture");

  await picture.click();
  await expect(page.getByRole("region", { name: "image.png" }).getByRole("img")).toBeVisible();
  await page
    .getByRole("button", { name: "Close computer" })
    .or(page.getByRole("button", { name: "Hide computer" }))
    .first()
    .click();

  const mine = conversation.getByRole("article", { name: "You" }).last();
  await mine.hover();
  await mine.getByRole("button", { name: "Edit message" }).click();
  await expect(mine).toContainText("with the same attached file");
  modelled.model.reply({ kind: "pictures", refuses: true });
  await page.getByRole("textbox", { name: "Edit message" }).fill("And now?");
  await page.getByRole("button", { name: "Resend" }).click();
  await expect(conversation.getByText("And now?")).toBeVisible();
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("I am shown 0 pictures (), and 1 were left out.");
  await expect(picture).toBeVisible();

  // Another client than this page may send what is a picture by its first bytes alone.
  await page.addInitScript(() => {
    window.createImageBitmap = async () => ({ width: 1, height: 1, close: () => undefined });
  });
  await page.reload();
  await expect(page.getByRole("button", { name: "Attach files" })).toBeVisible();
  await give(composer, "paste", [
    { name: "broken.png", type: "image/png", bytes: [0x89, 80, 78, 71, 13, 10, 26, 10, 7] },
  ]);
  await workspace.send("And this?");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("A picture that goes with this message can’t be read");
  await workspace.send("Go on without it");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("I am shown 0 pictures (), and 1 were left out.");
});

test("files picked for a new thread outlast a reload and a lost connection, need no words, and are taken back with their message", async ({
  workspace,
}) => {
  const { page, composer, conversation, threads } = workspace;
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  await pickFiles(page, [
    { name: "plan.md", text: "# A plan\n$ echo injected-$((40 + 2))\n" },
    { name: "empty.txt", text: "" },
  ]);
  const chips = chipsOf(page);
  await expect(chips.getByRole("listitem")).toHaveText([/plan\.md.*37 bytes/, /empty\.txt.*0 bytes/]);
  await composer.fill("draft");
  await page.reload();
  await expect(chips.getByRole("listitem")).toHaveText([/plan\.md/, /empty\.txt/]);
  await expect(composer).toHaveValue("draft");
  await composer.fill("");

  // The way into the workspace is cut off, and the page is closed before it is open again.
  const isUpload = /\/api\/sandbox\/[^/]+\/file\?/;
  await page.route(isUpload, (route) => (route.request().method() === "PUT" ? route.abort() : route.fallback()));
  await sendButton(page).click();
  const mine = conversation.getByRole("article", { name: "You" });
  await expect(mine).toContainText("Uploading files… 0 of 2");
  await page.unroute(isUpload);
  await page.reload();
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("You attached 2 files");
  await expect(workspace.newest).toContainText("uploads/empty.txt, 0 bytes");
  await expect(conversation).not.toContainText("injected-42");
  await expect(threads.getByRole("link", { name: "plan.md" })).toBeVisible();
  await expect(mine.getByRole("button", { name: /plan\.md/ })).toBeVisible();

  await page.context().setOffline(true);
  await give(composer, "drop", [{ name: "plan.md", type: "text/markdown", text: "another" }]);
  await expect(chips.getByRole("listitem")).toHaveCount(1);
  await composer.fill("$ cat uploads/plan*.md");
  await sendButton(page).click();
  await expect(mine.last()).toContainText("Waiting for a connection");
  await page.context().setOffline(false);
  await workspace.waitForOutput("another");
  await workspace.waitUntilAnswered();
  await expect(mine.last().getByRole("button", { name: /plan-2\.md/ }), "nothing was replaced").toBeVisible();

  const held = heldCommand("echo first-$((40 + 2))", "true");
  await workspace.send(held.message);
  await workspace.waitForOutput("first-42");
  await pickFiles(page, [{ name: "late.txt", text: "late" }]);
  await composer.fill("second");
  await sendButton(page).click();
  await expect(mine.last()).toContainText("Queued");
  await mine.last().getByRole("button", { name: "Edit", exact: true }).click();
  await expect(composer).toHaveValue("second");
  await expect(chips.getByRole("listitem")).toHaveText([/late\.txt/]);
  await chips.getByRole("button", { name: "Remove late.txt" }).click();
  await expect(chips.getByText("late.txt")).toHaveCount(0);
  await expect(composer).toBeFocused();
  await held.release();
  await workspace.waitUntilAnswered();
});

test("hostile files are harmless, what is too much is said, and an upload that fails can be tried again", async ({
  workspace,
}) => {
  const { page, composer, conversation } = workspace;
  await workspace.begin("$ git init -q . && echo ready-$((40 + 2))");
  await workspace.waitForOutput("ready-42");
  await workspace.waitUntilAnswered();
  await expect(page.getByRole("button", { name: "Attach files" })).toBeVisible();
  const script =
    "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked = 1'><script>window.hacked = 1</script></svg>";
  await give(page.getByRole("main").first(), "drop", [
    { name: "..", type: "text/plain", text: "a" },
    { name: "../../.git/hooks/post-checkout", type: "text/plain", text: "b" },
    { name: "<img src=x onerror='window.hacked=1'>.svg", type: "image/svg+xml", text: script },
    { name: "\u202egnp.exe", type: "application/octet-stream", text: "c" },
    { name: `${"n".repeat(300)}.txt`, type: "text/plain", text: "d" },
    { name: "broken.png", type: "image/png", text: "no picture" },
    { name: "same.txt", type: "text/plain", text: "e" },
    { name: "same.txt", type: "text/plain", text: "f" },
  ]);
  const chips = chipsOf(page);
  await expect(chips.getByRole("listitem")).toHaveCount(8);
  await expect(chips.locator("img")).toHaveCount(0);
  await workspace.send("$ ls -A uploads && git status --short && echo listed-$((40 + 2))");
  await workspace.waitForOutput("listed-42");
  await workspace.waitUntilAnswered();
  const output = await conversation.locator("pre").last().innerText();
  expect(output.split("\n").slice(0, -1).toSorted()).toEqual(
    [
      ".gitignore",
      "file",
      "-..-.git-hooks-post-checkout",
      "<img src=x onerror='window.hacked=1'>.svg",
      "gnp.exe",
      `${"n".repeat(96)}.txt`,
      "broken.png",
      "same.txt",
      "same-2.txt",
    ].toSorted(),
  );
  await expect(workspace.newest).toContainText("You attached 8 files");
  expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();

  const large = Buffer.alloc(25_000_001);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await choosing).setFiles([
    { name: "film.mov", mimeType: "video/quicktime", buffer: large },
    ...Array.from({ length: 10 }, (_, n) => ({ name: `${n}.txt`, mimeType: "text/plain", buffer: Buffer.from("x") })),
  ]);
  const problem = page.getByRole("status").filter({ hasText: "film.mov" });
  await expect(problem).toContainText("film.mov is larger than 25 MB, the most a message can take.");
  await expect(problem).toContainText("A message can have up to 10 files. The rest were left out.");
  await problem.getByRole("button", { name: "Dismiss" }).click();
  await expect(chips.getByRole("listitem")).toHaveCount(9);
  for (let left = 9; left > 0; left -= 1)
    await chips
      .getByRole("button", { name: /^Remove / })
      .first()
      .click();
  await expect(chips.getByText("8.txt")).toHaveCount(0);

  let isFull = true;
  await page.route(/\/api\/sandbox\/[^/]+\/file\?/, async (route) => {
    if (!isFull || route.request().method() !== "PUT") return route.fallback();
    const body = {
      error: { _tag: "QuotaExceeded", message: "The workspace is full.", retryable: false, requestId: "r" },
    };
    return route.fulfill({
      status: 507,
      headers: { "access-control-allow-origin": "*", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  });
  await pickFiles(page, [{ name: "full.txt", text: "full" }]);
  const chip = chips.getByRole("listitem").filter({ hasText: "full.txt" });
  await expect(chip.getByRole("alert")).toHaveText("The workspace is full.");
  await expectAccessible(page, "a file that could not be uploaded");
  isFull = false;
  await chip.getByRole("button", { name: "Try again to upload full.txt" }).click();
  await expect(chip.getByRole("alert")).toHaveCount(0);

  await page.setViewportSize({ width: 390, height: 844 });
  const attach = page.getByRole("button", { name: "Attach files" });
  await expect(attach).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, "nothing scrolls sideways").toBe(0);

  await composer.fill("x".repeat(140_000));
  await expect(page.getByText("This message is too long.")).toBeVisible();
  await page.getByRole("button", { name: "Send the text as a file" }).click();
  await expect(chips.getByRole("listitem").filter({ hasText: "pasted-text.txt" })).toContainText("140 kB");
  await expect(composer).toHaveValue("");
  await composer.fill("$ wc -c uploads/pasted-text.txt uploads/full.txt");
  await sendButton(page).click();
  await workspace.waitForOutput("140000 uploads/pasted-text.txt");
  await workspace.waitForOutput("4 uploads/full.txt");
  await workspace.waitUntilAnswered();
});
