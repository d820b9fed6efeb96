import { napping } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { startInstallation } from "../support/start.ts";
import { TerminalPane } from "../support/terminal.ts";

let stop = async () => {};

test.beforeAll(async () => {
  stop = await startInstallation(napping);
});
test.afterAll(() => stop());

/** Counts in its memory alone, one up for each line that is written to `ask`, and says so in `said`. */
const counter = "mkfifo ask; (sh -c 'n=0; while read -r _ <ask; do n=$((n + 1)); echo $n >said; done' &)";
const count = (word: string) => `echo >ask; while [ ! -s said ]; do sleep 0.1; done; echo ${word}-$(cat said); rm said`;

test("a computer that nobody uses naps, and the next message finds its programs as they were", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin(`$ ${counter}; ${count("first")}`, napping);
  await workspace.waitForOutput("first-1");
  await workspace.waitUntilAnswered();
  const chip = page.getByRole("button", { name: "Sandbox: Napping" });
  await expect(chip).toBeVisible();
  await chip.click();
  await expect(page.getByRole("dialog", { name: "Sandbox" })).toContainText("Not used for a while.");
  await page.keyboard.press("Escape");

  await workspace.send(`$ ${count("second")}`);
  await workspace.waitForOutput("second-2");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Activity" }).click();
  const rows = page.getByRole("region", { name: "Activity" }).getByRole("listitem");
  await expect(rows.filter({ hasText: "Napped for" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "Started in" }), "it was one start all along").toHaveCount(1);
});

test("an open terminal that nobody types in naps along, and goes on at the first key", async ({ workspace }) => {
  const { page } = workspace;
  await workspace.begin("$ echo made-$((40 + 2))", napping);
  await workspace.waitForOutput("made-42");
  await workspace.waitUntilAnswered();
  const pane = await TerminalPane.open(workspace);
  await pane.run("kept=41; echo set-$((40 + 2))");
  await expect(pane.screen).toContainText("set-42");
  await expect(page.getByRole("button", { name: "Sandbox: Napping" })).toBeVisible();
  await pane.run("echo still-$((kept + 1))");
  await expect(pane.screen).toContainText("still-42");
  await expect(page.getByRole("button", { name: "Sandbox: Ready" })).toBeVisible();
});
