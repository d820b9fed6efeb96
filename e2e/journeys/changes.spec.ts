import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/fixtures.ts";

/** A clone with a commit of the agent's own on top, and something that no commit holds. */
const work = [
  "G='git -c user.name=a -c user.email=a@b.test'",
  "mkdir /tmp/o && cd /tmp/o && git init -q . && seq 1 40 > numbers.txt && git add . && $G commit -qm one",
  "git clone -q /tmp/o /workspace/app && cd /workspace/app",
  "sed -i 's/^3$/three/; s/^30$/thirty/' numbers.txt && git add . && $G commit -qm two",
  "printf 'a\\0b' > raw.bin && echo loose > loose.txt && echo changed-$((40 + 2))",
].join("; ");

test("what a thread's work changed is read since its clone, taken back by hunk and had back, and talked about with the agent", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin(`$ ${work}`);
  await workspace.waitForOutput("changed-42");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Changes" }).click();
  const files = page.getByRole("navigation", { name: "Changed files" });
  const changes = page.getByRole("region", { name: "Changes" });
  await expect(files.getByRole("button")).toHaveText([
    /app\/loose\.txt\+1/,
    /app\/numbers\.txt\+2.*−2/,
    /app\/raw\.bin/,
  ]);
  await expect(changes).toContainText("This file isn’t text");
  await expect(changes).toContainText("thirty");
  const { violations } = await new AxeBuilder({ page }).include("aside").analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);

  await changes.getByRole("button", { name: "Revert the change at line 27" }).click();
  await expect(changes).not.toContainText("thirty");
  await expect(changes).toContainText("three");
  await page
    .getByRole("dialog", { name: "Change in numbers.txt reverted" })
    .getByRole("button", { name: "Undo" })
    .click();
  await expect(changes).toContainText("thirty");

  await changes.getByRole("button", { name: "Comment on removed line 3", exact: true }).click();
  await page.keyboard.insertText("Why a word?");
  await page.keyboard.press("ControlOrMeta+Enter");
  await changes.getByRole("button", { name: "Comment on line 30", exact: true }).click();
  await page.keyboard.insertText("And here?");
  await changes.getByRole("button", { name: "Add comment" }).click();
  await expect(page.getByText("2 comments to send")).toBeVisible();
  await page.reload();
  await expect(page.getByText("2 comments to send")).toBeVisible();
  await expect(changes.getByText("Why a word?")).toBeVisible();
  await page.getByRole("button", { name: "Send to the agent" }).click();
  const said = workspace.conversation.getByRole("article", { name: "You" }).last();
  await expect(said).toContainText(
    /app\/numbers\.txt.*, removed line 3:.*3.*Why a word\?.*, line 30:.*thirty.*And here\?/s,
  );
  await workspace.waitUntilAnswered();

  await changes.getByRole("checkbox", { name: "Viewed app/numbers.txt" }).check();
  await expect(changes).not.toContainText("thirty");
  await page.getByRole("button", { name: "Side by side" }).click();
  await workspace.send(
    "$ echo tight > app/loose.txt && sed -i 's/^40$/forty/' app/numbers.txt && echo again-$((40 + 2))",
  );
  await expect(changes).toContainText("tight");
  await expect(changes).toContainText("forty");
  await expect(changes.getByRole("checkbox", { name: "Viewed app/numbers.txt" })).not.toBeChecked();
  await workspace.waitUntilAnswered();
});

test("changes are reviewed: accepted by part, by file and all at once, had back, and read message by message", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin(`$ ${work}`);
  await workspace.waitForOutput("changed-42");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Changes" }).click();
  const changes = page.getByRole("region", { name: "Changes" });
  const which = page.getByRole("combobox", { name: "Which changes" });
  await expect(changes).toContainText("thirty");

  await changes.getByRole("button", { name: "Accept the change at line 27" }).click();
  await expect(changes).not.toContainText("thirty");
  await expect(changes).toContainText("three");
  await page
    .getByRole("dialog", { name: "Change in numbers.txt accepted" })
    .getByRole("button", { name: "Undo" })
    .click();
  await expect(changes).toContainText("thirty");

  await changes.getByRole("button", { name: "Accept app/raw.bin" }).click();
  await expect(changes).not.toContainText("raw.bin");
  await page.getByRole("button", { name: "Accept all" }).click();
  await expect(page.getByText("You’ve accepted every change.")).toBeVisible();
  await page.getByRole("button", { name: "Show all changes" }).click();
  await expect(changes).toContainText("thirty");
  await expect(changes).toContainText("raw.bin");
  await which.selectOption("To review");
  await expect(page.getByText("You’ve accepted every change.")).toBeVisible();

  await workspace.send(
    "$ echo later >> app/loose.txt && git -C app diff --cached --quiet && echo unstaged-$((40 + 2))",
  );
  await workspace.waitForOutput("unstaged-42");
  await workspace.waitUntilAnswered();
  await expect(changes).toContainText("later");
  await expect(changes).not.toContainText("raw.bin");
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh changes" }).click();
    await expect(which.getByRole("option", { name: "echo later" })).toHaveCount(1, { timeout: 2_000 });
  }).toPass();
  await which.selectOption(await which.getByRole("option", { name: "mkdir /tmp/o" }).getAttribute("value"));
  await expect(changes).toContainText("raw.bin");
  await expect(changes).not.toContainText("later");
  await expect(changes.getByRole("button", { name: /^Accept/ })).toHaveCount(0);

  // From an answer to what it changed, whatever stands beside it.
  await page.getByRole("tab", { name: "Files" }).click();
  const answer = (at: number) => workspace.conversation.getByRole("article", { name: "Assistant" }).nth(at);
  await answer(1).getByRole("button", { name: "Show changes" }).click();
  await expect(changes).toContainText("later");
  await expect(changes).not.toContainText("raw.bin");
  await page.getByRole("button", { name: "Back to chat" }).click();
  await expect(changes).toBeHidden();
  await answer(0).getByRole("button", { name: "Show changes" }).click();
  await expect(changes).toContainText("raw.bin");
  await expect(changes).not.toContainText("later");
});
