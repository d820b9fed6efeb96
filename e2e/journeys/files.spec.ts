import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures.ts";

const openFiles = async (page: Page) => {
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  const tree = page.getByRole("tree", { name: "Files" });
  await expect(tree).toBeVisible();
  return {
    tree,
    file: (name: string) => page.getByRole("region", { name }),
    item: (name: string) => tree.getByRole("treeitem", { name }),
    back: () => page.getByRole("button", { name: "Back to files" }).click(),
  };
};

test("what the agent writes is edited among the files and read by the agent, and neither overwrites the other unseen", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin(
    "$ mkdir notes && printf 'one\\r\\ntwo\\r\\n' > notes/plan.md && ln -s /etc/passwd secret && echo made-$((40 + 2))",
  );
  await workspace.waitForOutput("made-42");
  await workspace.waitUntilAnswered();
  const { item, file, back } = await openFiles(page);
  const plan = file("plan.md");
  await item("notes").click();
  await item("plan.md").click();
  const editor = page.getByRole("textbox", { name: "Text of plan.md" });
  await expect(editor).toContainText("two");
  await editor.press("ControlOrMeta+End");
  await page.keyboard.insertText("three");
  await expect(plan.getByText("Unsaved changes")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+s");
  await expect(plan.getByText("Unsaved changes")).toHaveCount(0);
  await workspace.send("$ sed 's/\\r$/<CR>/' notes/plan.md");
  await workspace.waitForOutput("two<CR>");
  await workspace.waitForOutput("three");
  await workspace.waitUntilAnswered();

  await editor.press("ControlOrMeta+End");
  await page.keyboard.insertText(" and four");
  await workspace.send("$ echo theirs-$((40 + 2)) > notes/plan.md && cat notes/plan.md");
  await workspace.waitForOutput("theirs-42");
  await expect(plan.getByRole("alert")).toContainText("This file changed while you were editing it.");
  await plan.getByRole("button", { name: "Compare" }).click();
  await expect(page.locator(".cm-deletedChunk")).toContainText("theirs-42");
  const { violations } = await new AxeBuilder({ page }).include("aside").analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  await workspace.waitUntilAnswered();
  await plan.getByRole("button", { name: "Save", exact: true }).click();
  await expect(plan.getByText("Unsaved changes")).toHaveCount(0);
  await workspace.send("$ tr a-z A-Z < notes/plan.md");
  await workspace.waitForOutput("THREE AND FOUR");

  await back();
  await item("secret").click();
  await expect(file("secret").getByRole("alert")).toContainText("symbolic link");
  await back();
});

test("files are made, sent, renamed, removed, had back and found by keyboard and by pointer", async ({ workspace }) => {
  const { page } = workspace;
  await workspace.begin("$ git init -q . && echo ready-$((40 + 2)) > first.txt && cat first.txt");
  await workspace.waitUntilAnswered();
  const { tree, item, file, back } = await openFiles(page);
  await expect(item("first.txt")).toContainText("Untracked");
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByRole("textbox", { name: "New folder" }).fill("made");
  await page.keyboard.press("Enter");
  await expect(item("made")).toHaveAttribute("aria-expanded", "false");

  await page
    .getByLabel("Upload files", { exact: true })
    .last()
    .setInputFiles([{ name: "sent.txt", mimeType: "text/plain", buffer: Buffer.from("sent from here") }]);
  await expect(page.getByRole("region", { name: "Uploads" })).toContainText("Uploaded");
  await tree.focus();
  // The first is git's own folder.
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect(item("sent.txt")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Name" }).fill("renamed.txt");
  await page.keyboard.press("Enter");
  await expect(item("renamed.txt")).toHaveAttribute("aria-level", "2");
  await expect(item("sent.txt")).toHaveCount(0);

  await tree.focus();
  await page.keyboard.press("Delete");
  await expect(item("renamed.txt")).toHaveCount(0);
  await page.getByRole("dialog", { name: "renamed.txt deleted" }).getByRole("button", { name: "Undo" }).click();
  await expect(item("renamed.txt")).toBeVisible();

  await page.getByRole("searchbox", { name: "Find files by name" }).fill("RENAMED");
  await page.getByRole("list", { name: "Files found" }).getByRole("button").click();
  await expect(page.getByRole("textbox", { name: "Text of renamed.txt" })).toHaveText("sent from here");
  const downloading = page.waitForEvent("download");
  await file("renamed.txt").getByRole("button", { name: "Download" }).click();
  const downloaded = await downloading;
  expect(downloaded.suggestedFilename()).toBe("renamed.txt");
  expect(await text(await downloaded.createReadStream())).toBe("sent from here");
  await back();

  await item("made").click({ button: "right" });
  const packing = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download as ZIP" }).click();
  const packed = await packing;
  expect(packed.suggestedFilename()).toBe("made.zip");
  expect(await text(await packed.createReadStream())).toContain("made/renamed.txtsent from here");

  await tree.focus();
  await page.keyboard.press("Delete");
  await expect(item("made")).toHaveCount(0);
  await page.getByRole("dialog", { name: "made deleted" }).getByRole("button", { name: "Undo" }).click();
  await expect(item("made")).toBeVisible();
  await expect(item("renamed.txt")).toBeVisible();

  await page.reload();
  await expect(item("first.txt")).toBeVisible();
});

test("an upload that breaks off goes on where it was, and the file is whole", async ({ workspace }) => {
  const { page } = workspace;
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  const sent: string[] = [];
  let isCut = false;
  await page.route(/\/file\?path=.threadbox-removed/, async (route) => {
    const part = new URL(route.request().url()).searchParams.get("path")?.split("/").at(-1) ?? "";
    if (route.request().method() !== "PUT" || part.startsWith(".")) return route.continue();
    sent.push(part);
    if (part !== "1" || isCut) return route.continue();
    isCut = true;
    return route.abort();
  });
  const bytes = Buffer.alloc(9 * 1024 * 1024, "threadbox");
  await page
    .getByLabel("Upload files", { exact: true })
    .last()
    .setInputFiles([{ name: "large.bin", mimeType: "application/octet-stream", buffer: bytes }]);
  const uploads = page.getByRole("region", { name: "Uploads" });
  await uploads.getByRole("button", { name: "Resume" }).click();
  await expect(uploads).toContainText("Uploaded");
  expect(sent).toEqual(["0", "1", "1", "2"]);
  await workspace.send("$ sha256sum large.bin && ls -A .threadbox-removed | wc -l && echo summed-$((40 + 2))");
  await workspace.waitForOutput(createHash("sha256").update(bytes).digest("hex"));
  await workspace.waitUntilAnswered();
});

const pdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\("pwned"\\))>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F1 24 Tf 50 100 Td (Read in the panel) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
`;

test("A68: a PDF is read beside the conversation, and what only begins like one is no page", async ({ workspace }) => {
  const { page } = workspace;
  const effects: string[] = [];
  page.on("dialog", (dialog) => {
    effects.push(dialog.message());
    void dialog.dismiss();
  });
  // The check of accessibility opens an empty page of its own.
  page.context().on("page", (opened) => {
    if (opened.url() !== "about:blank") effects.push(opened.url());
  });
  const encoded = (content: string) => Buffer.from(content).toString("base64");
  const hostile = "%PDF-1.4\n<script>top.location = 'https://evil.test/'; alert(1)</script>";
  await workspace.begin(
    `$ echo ${encoded(pdf)} | base64 -d > report.pdf; echo ${encoded(hostile)} | base64 -d > page.pdf; echo made-$((40 + 2))`,
  );
  await workspace.waitForOutput("made-42");
  await workspace.waitUntilAnswered();
  const { item, back } = await openFiles(page);
  const before = page.url();
  for (const name of ["report.pdf", "page.pdf"]) {
    await item(name).click();
    const answered = page.waitForResponse(
      (response) => /\.sbx\./.test(new URL(response.url()).hostname) && response.url().includes(`path=${name}`),
    );
    await expect(page.locator(`iframe[title="Document ${name}"]`)).toBeVisible();
    const headers = await (await answered).allHeaders();
    expect(headers["content-type"]).toBe("application/pdf");
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; sandbox; frame-ancestors /);
    const viewers = () => page.frames().filter((frame) => frame.url().startsWith("chrome-extension://")).length;
    await expect.poll(viewers).toBeGreaterThan(0);
    await back();
  }
  const { violations } = await new AxeBuilder({ page }).include("aside").analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  // A PDF's own script is run by the browser's viewer, in a process of its own: a dialog is all that comes of it.
  expect(effects.filter((effect) => effect !== "pwned")).toEqual([]);
  expect(page.url()).toBe(before);
});
