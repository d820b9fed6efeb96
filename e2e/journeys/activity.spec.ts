import { expect, test } from "../support/fixtures.ts";
import { TerminalPane } from "../support/terminal.ts";

test("what happens on a thread's computer shows up under Activity: its start, its work, and the hosts its programs ask for", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin(
    "$ for n in 1 2 3; do curl -s -o answer http://blocked.test/path?query; done; echo done-$((40 + 2))",
  );
  await workspace.waitForOutput("done-42");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Activity" }).click();
  const activity = page.getByRole("region", { name: "Activity" });
  const rows = activity.getByRole("listitem");
  await expect(rows.filter({ hasText: "Blocked blocked.test" })).toContainText("3 times");
  await expect(rows.filter({ hasText: "Started in" })).toContainText("for OpenCode");
  await expect(rows.filter({ hasText: "Worked for" })).toHaveCount(1);
  await expect(activity).not.toContainText("query");

  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Computer" }).click();
  await expect(rows.filter({ hasText: "Worked for" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "Blocked" })).toHaveCount(0);
  await workspace.send("$ echo again-$((40 + 2))");
  await workspace.waitForOutput("again-42");
  await workspace.waitUntilAnswered();
  await expect(rows.filter({ hasText: "Worked for" })).toHaveCount(2);
});

test("what a turn runs, what was typed in a terminal and what was left in the background run side by side under Activity, and are stopped there", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin("$ (sleep 1000 &) ; sleep 2000; echo ended-$((40 + 2))");
  const pane = await TerminalPane.open(workspace);
  await pane.run("sleep 3000");
  await page.getByRole("tab", { name: "Activity" }).click();
  const running = page.getByRole("region", { name: "Running now" });
  const command = (text: string) => running.getByRole("listitem").filter({ hasText: text });
  await expect(command("sleep 3000")).toContainText("In a terminal");
  await expect(command("sleep 2000; echo")).toContainText("By the agent");
  await expect(command("In the background")).toContainText("sleep 1000");
  await command("sleep 3000").getByRole("button", { name: "Stop sleep 3000" }).click();
  await expect(command("sleep 3000")).toHaveCount(0);
  await expect(command("sleep 2000; echo")).toHaveCount(1);
  await command("sleep 2000; echo").getByRole("button", { name: /^Stop/ }).click();
  await expect(command("sleep 2000; echo")).toHaveCount(0);
  await workspace.waitUntilAnswered();
  await page.getByRole("tab", { name: "Terminal" }).click();
  await pane.run("echo alive-$((40 + 2))");
  await expect(pane.screen).toContainText("alive-42");
});
