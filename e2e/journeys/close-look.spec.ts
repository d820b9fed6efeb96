import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { withModel } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";

/** As if the person had another tab in front, or came back. */
const look = (page: Page, visibility: "hidden" | "visible") =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visibility);

test("Stop lets what is queued wait: it's put in another order, answered so, or cleared", async ({ workspace }) => {
  const { page, conversation } = workspace;
  const held = heldCommand("echo first-$((40 + 2))", "true");
  await workspace.begin(held.message);
  await workspace.waitForOutput("first-42");
  const upNext = page.getByRole("region", { name: "Up next (2)" });
  const waiting = page.getByRole("region", { name: "2 messages wait" });
  const send = async (text: string) => {
    await workspace.composer.fill(text);
    await workspace.composer.press("Enter");
  };
  await send("$ echo one-$((40 + 2))");
  await send("$ echo two-$((40 + 2))");
  await expect(upNext.getByRole("listitem")).toHaveText([/echo one/, /echo two/]);
  await workspace.stopButton.click();
  await expect(waiting).toBeVisible();
  await expect(workspace.stopButton).toBeHidden();
  const moveUp = waiting.getByRole("listitem").last().getByRole("button", { name: "Move up" });
  await moveUp.focus();
  await page.keyboard.press("Enter");
  await expect(waiting.getByRole("listitem")).toHaveText([/echo two/, /echo one/]);
  await expect(waiting.getByRole("listitem").first().getByRole("button", { name: "Move up" })).toBeFocused();
  await expect(conversation).not.toContainText(/(one|two)-42/);
  await waiting.getByRole("button", { name: "Resume" }).click();
  await workspace.waitForOutput("two-42");
  await workspace.waitForOutput("one-42");
  await workspace.waitUntilAnswered();
  const said = await conversation.innerText();
  expect(said.indexOf("two-42"), "answered in their new order").toBeLessThan(said.indexOf("one-42"));

  const again = heldCommand("echo again-$((40 + 2))", "true");
  await workspace.send(again.message);
  await workspace.waitForOutput("again-42");
  await send("$ echo three-$((40 + 2))");
  await send("$ echo four-$((40 + 2))");
  await expect(upNext.getByRole("listitem")).toHaveCount(2);
  await workspace.stopButton.click();
  await waiting.getByRole("button", { name: "Clear" }).click();
  await expect(waiting).toBeHidden();
  await expect(conversation).not.toContainText(/three|four/);
});

test("a sandbox at work is restarted after a question only; whoever looks elsewhere is told when its turn ends", async ({
  workspace,
}) => {
  const { page, threads } = workspace;
  await page.addInitScript(() => {
    const told: string[] = [];
    class Told {
      static readonly permission = "granted";
      static readonly requestPermission = async () => "granted";
      onclick = null;
      close = () => undefined;
      constructor(title: string, { body }: NotificationOptions = {}) {
        told.push(`${title}: ${body}`);
      }
    }
    Reflect.set(window, "Notification", Told);
    Reflect.set(window, "told", told);
  });
  const told = () => page.evaluate(() => Reflect.get(window, "told") as readonly string[]);
  await workspace.signInAsNewUser();
  await page.keyboard.press("ControlOrMeta+,");
  await page.getByRole("button", { name: "Off", exact: true }).first().click();

  await workspace.openNewThread();
  const held = heldCommand("echo first-$((40 + 2))", "true");
  await workspace.send(held.message);
  await workspace.waitForOutput("first-42");
  await expect(threads.getByText("Running", { exact: true })).toBeAttached();
  await page.getByRole("button", { name: /^Sandbox: / }).click();
  const sandbox = page.getByRole("dialog", { name: "Sandbox" });
  await sandbox.getByRole("button", { name: "Restart" }).click();
  await expect(sandbox).toContainText("This stops the running turn. Restart anyway?");
  await sandbox.getByRole("button", { name: "Cancel" }).click();
  await page.keyboard.press("Escape");
  await expect(sandbox).toBeHidden();
  await expect(workspace.stopButton, "nothing was restarted").toBeVisible();

  const icon = page.locator("link[rel=icon]");
  expect(await told()).toEqual([]);
  await look(page, "hidden");
  await held.release();
  await expect(page).toHaveTitle(/^\(1\) /);
  await expect(icon).toHaveAttribute("href", "/favicon-news.svg");
  expect(await told()).toEqual([expect.stringMatching(/echo first.*: Finished$/)]);
  await look(page, "visible");
  await expect(page).not.toHaveTitle(/^\(1\) /);
  await expect(icon).toHaveAttribute("href", "/favicon.svg");
});

test("what the page can't take or show is said where it is missing", async ({ workspace }) => {
  const { page, conversation, threads } = workspace;
  // OpenCode reads no further than to the end of the command, so that one goes on until all of it is read.
  const held = heldCommand("seq 1 60000", "true");
  await workspace.begin(held.message);
  const note = conversation.getByText(/^Earlier output was cut off\. These are the last \d+ kB\.$/);
  await expect(note).toBeVisible();
  await expect(conversation.locator("pre").last()).toContainText("59999 60000");
  await held.release();
  await workspace.waitUntilAnswered();
  const [noteBox, outputBox] = await Promise.all([
    note.boundingBox(),
    conversation.locator("pre").last().boundingBox(),
  ]);
  expect(noteBox?.y, "where the beginning is missing").toBeLessThan(outputBox?.y ?? 0);
  await workspace.waitUntilAnswered();
  const saved = page.waitForEvent("download");
  await conversation.getByRole("button", { name: "Download all output" }).click();
  const whole = await readFile(await (await saved).path(), "utf8");
  expect(whole.slice(0, 348_894)).toBe(`${Array.from({ length: 60_000 }, (_, index) => index + 1).join("\n")}\n`);

  const first = threads.getByRole("link", { name: /seq 1/ });
  await workspace.openNewThread();
  await workspace.send("$ echo second-$((40 + 2))");
  await workspace.waitUntilAnswered();
  await page.reload();
  await workspace.waitForOutput("second-42");
  await page.context().setOffline(true);
  await first.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/seq 1/);
  await expect(page.getByText("Not available offline.")).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByText("Not available offline.")).toBeHidden();
  await workspace.waitForOutput("60000");
});

test("a page that the browser translates while a message is sent works on", async ({ workspace }) => {
  const { page, conversation } = workspace;
  await workspace.begin("$ echo first-$((40 + 2))");
  await workspace.waitForOutput("first-42");
  await workspace.waitUntilAnswered();
  // As Chrome's translator does: every text goes into elements of its own, also what comes later.
  await page.evaluate(() => {
    const translate = () => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (parent === null || node.textContent?.trim() === "" || parent.closest("font, script, style, textarea"))
          continue;
        texts.push(node as Text);
      }
      for (const text of texts) {
        const [outer, inner] = [document.createElement("font"), document.createElement("font")];
        text.before(outer);
        outer.append(inner);
        inner.append(text);
      }
    };
    new MutationObserver(translate).observe(document.body, { childList: true, subtree: true, characterData: true });
    translate();
  });
  await workspace.send("$ echo second-$((40 + 2)); exit 3");
  await workspace.waitForOutput("second-42");
  await workspace.waitUntilAnswered();
  await workspace.openNewThread();
  await workspace.send("$ echo third-$((40 + 2))");
  await workspace.waitForOutput("third-42");
  await workspace.waitUntilAnswered();
  await expect(page.getByText("Something went wrong.")).toHaveCount(0);
  expect(await page.locator("font").count()).toBeGreaterThan(0);
  await expect(conversation.getByRole("article")).toHaveCount(2);
});

test("nonsense in what the browser keeps for the page costs that alone", async ({ workspace }) => {
  const { page, composer, threads } = workspace;
  await workspace.begin("$ echo first-$((40 + 2))");
  await workspace.waitForOutput("first-42");
  await workspace.waitUntilAnswered();
  await composer.fill("a draft");
  const spoilt = await page.evaluate(async () => {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith("threadbox"));
    const known = ["theme", "sidebar", "notifications", "model", "single-keys"].map((name) => `threadbox.${name}`);
    for (const key of new Set([...keys, ...known])) localStorage.setItem(key, '{"\u0000":[[');
    const opened = (name: string) =>
      new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    let stores = 0;
    for (const { name = "" } of await indexedDB.databases()) {
      if (!name.startsWith("threadbox-")) continue;
      const database = await opened(name);
      for (const store of database.objectStoreNames) {
        const writing = database.transaction(store, "readwrite");
        for (const key of ["new", location.pathname.split("/").at(-1) ?? "", "nobody's"])
          writing.objectStore(store).put({ not: ["what", 7, null] }, key);
        await new Promise((resolve) => writing.addEventListener("complete", resolve));
        stores += 1;
      }
      database.close();
    }
    return stores;
  });
  expect(spoilt, "drafts and outbox").toBeGreaterThanOrEqual(2);
  await page.reload();
  await workspace.waitForOutput("first-42");
  await expect(composer).toHaveValue("");
  const word = page.getByText("Couldn’t read a draft or message saved on this device. It was left out.");
  await expect(word).toHaveCount(1);
  await workspace.send("$ echo second-$((40 + 2))");
  await workspace.waitForOutput("second-42");
  await workspace.waitUntilAnswered();
  await page.goto("/settings");
  await expect(word, "said once").toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await expect(threads.getByRole("link")).toHaveCount(1);
  await page.goto("/nowhere");
  await expect(page.getByRole("heading", { name: "Page not found", level: 1 })).toBeVisible();
  await expect(threads.getByRole("link"), "an unknown address stands inside the shell").toHaveCount(1);
});

test("a file that the model names as a link opens among the thread's files", async ({
  workspace,
  modelled: { model },
}) => {
  const { page, conversation } = workspace;
  model.reply({ kind: "command", command: "mkdir -p notes && echo what-is-in-it > 'notes/a file.txt'" });
  await workspace.begin("Make a file.", withModel);
  await workspace.waitUntilAnswered();
  model.reply({
    kind: "text",
    text: "See [the note](/workspace/notes/a%20file.txt#L1), [not this](/etc/passwd) and [the web](https://example.com/).",
  });
  await workspace.send("Where is it?");
  await workspace.waitUntilAnswered();
  await expect(conversation.getByRole("link")).toHaveText(["the web"]);
  await expect(conversation.getByRole("button", { name: "not this" })).toHaveCount(0);
  await expect(conversation.getByText("/etc/passwd")).toBeVisible();
  await conversation.getByRole("button", { name: "the note" }).click();
  const computer = page.getByRole("complementary", { name: "Computer" });
  await expect(computer.getByText("what-is-in-it")).toBeVisible();
});

test("from right to left, times, counts and commands read as they are, and arrows point on", async ({ workspace }) => {
  const { page, conversation } = workspace;
  await workspace.begin("write notes.md: # Title\n$ ls -la");
  await workspace.waitUntilAnswered();
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  const card = conversation.getByRole("button", { name: /Wrote file/ });
  const time = card.locator("bdi").filter({ hasText: /^\d+(\.\d+)? (ms|s)$/ });
  await expect(time, "no sign changes its side").toHaveCSS("unicode-bidi", "isolate");
  await expect(conversation.getByRole("button", { name: /Ran command/ }).locator("code > bdi")).toHaveText("ls -la");
  const arrow = card.locator("svg").last();
  await expect(arrow).toHaveCSS("scale", "-1 1");
  await card.click();
  await expect(arrow, "what is open points down").toHaveCSS("scale", "none");
});
