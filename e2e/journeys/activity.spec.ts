import { expect, test } from "../support/fixtures.ts";

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
