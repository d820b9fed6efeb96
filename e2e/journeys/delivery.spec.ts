import { expect, test } from "../support/fixtures.ts";

test("a message left behind before its thread was connected is sent from whatever page is open next", async ({
  page,
  workspace,
}) => {
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  const { promise: forever, resolve: letGo } = Promise.withResolvers<void>();
  await page.route(/\/assets\/live-thread-view-[^/]+\.js$/, () => forever);
  await workspace.send("$ echo left-$((40 + 2))");
  await expect(page).toHaveURL(/\/t\//);
  await expect(workspace.conversation).toContainText("echo left-");
  const threadUrl = page.url();

  await page.unrouteAll({ behavior: "ignoreErrors" });
  letGo();
  await page.goto(new URL("/", threadUrl).href);
  await expect(workspace.threads.getByText("echo left-")).toBeVisible();
  await expect(page).not.toHaveURL(/\/t\//);

  await page.goto(threadUrl);
  await workspace.waitForOutput("left-42");
  await workspace.waitUntilAnswered();
  await expect(workspace.conversation.getByRole("article")).toHaveCount(2);
});
