import { breakSnapshots, loseDisks, sandboxNames, waitUntilSaved } from "../support/disks.ts";
import { expect, test } from "../support/fixtures.ts";

test("the page tells when the thread's computer was saved, and where it could not be, why", async ({ workspace }) => {
  const { page } = workspace;
  const before = new Set(await sandboxNames());
  await workspace.begin("$ echo kept > kept.txt; echo made-$((40 + 2))");
  await workspace.waitForOutput("made-42");
  await workspace.waitUntilAnswered();
  const openSandbox = () => page.getByRole("button", { name: /^Sandbox: / }).click();
  const saved = page.getByRole("dialog", { name: "Sandbox" }).getByRole("definition").last();
  await openSandbox();
  await expect(saved).toHaveText(/^just now$|ago$/);
  const early = await saved.textContent();
  await expect.poll(() => saved.textContent(), "the time goes on by itself").not.toBe(early);

  const [name = ""] = (await sandboxNames()).filter((known) => !before.has(known));
  await breakSnapshots(name);
  await page.keyboard.press("Escape");
  await workspace.send("$ echo more-$((40 + 2))");
  await workspace.waitForOutput("more-42");
  await workspace.waitUntilAnswered();
  await openSandbox();
  await expect(saved).toContainText("Not saved: The files couldn't be written to the store.");
  await expect(saved).toContainText(/just now|ago/);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Activity" }).click();
  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Saves" }).click();
  const rows = page.getByRole("region", { name: "Activity" }).getByRole("listitem");
  await expect(rows.filter({ hasText: "Not saved: The files" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "of snapshots" }).last()).toContainText("After a turn");
});

test("saved files that can't be brought back don't keep a thread from going on: a person may start empty", async ({
  workspace,
}) => {
  const { page } = workspace;
  const before = new Set(await sandboxNames());
  await workspace.begin("$ echo kept > kept.txt; echo made-$((40 + 2))");
  await workspace.waitForOutput("made-42");
  await workspace.waitUntilAnswered();
  const [name = ""] = (await sandboxNames()).filter((known) => !before.has(known));
  await waitUntilSaved(name);
  await loseDisks(name);
  await breakSnapshots(name);
  await workspace.send("$ echo more-$((40 + 2))");
  const sentence = "The saved files couldn't be brought back.";
  await expect(page.getByRole("alert").filter({ hasText: sentence }).first()).toBeVisible();
  await page.getByRole("button", { name: "Sandbox: Failed" }).click();
  const sandbox = page.getByRole("dialog", { name: "Sandbox" });
  await expect(sandbox).toContainText(sentence);
  await sandbox.getByRole("button", { name: "Start with an empty computer" }).click();
  await expect(sandbox.getByText("Ready", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await workspace.send("$ ls -A; echo again-$((40 + 2))");
  await workspace.waitForOutput("again-42");
  await expect(workspace.newest).not.toContainText("kept.txt");
});
