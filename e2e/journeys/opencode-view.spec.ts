import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { openCodeFrame, openedView, openOpenCode } from "../support/opencode-view.ts";
import { killOpenCode } from "../support/processes.ts";

test("OpenCode's own page opens beside the conversation, at what the thread has said, and works on the same computer", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin("$ echo from-the-$((40 + 2)) > shared.txt && cat shared.txt");
  await workspace.waitForOutput("from-the-42");
  await workspace.waitUntilAnswered();
  const frame = await openOpenCode(workspace);
  await expect(frame.getByText("echo from-the-$((40 + 2))").first()).toBeVisible();
  await frame.getByRole("textbox").first().fill("$ tr a-z A-Z < shared.txt > answer.txt");
  await frame.getByRole("textbox").first().press("Enter");
  await expect(frame.getByText("tr a-z A-Z < shared.txt").first()).toBeVisible();
  await workspace.send("$ until test -s answer.txt; do read -t 0.2 <> <(:); done; cat answer.txt");
  await workspace.waitForOutput("FROM-THE-42");

  await page.reload();
  await openCodeFrame(page);
  await page.getByRole("button", { name: "Back to chat" }).click();
  await expect(page.getByRole("complementary", { name: "Computer" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("button", { name: "Show computer" })).toBeVisible();
});

test("a browser that is sent to a thread's OpenCode comes to the thread with OpenCode beside it", async ({
  workspace,
}) => {
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1);
  await workspace.page.goto(`${main.workerUrl}/sandbox/opencode?thread=${threadId}`);
  await openCodeFrame(workspace.page);
  expect(new URL(workspace.page.url()).origin).toBe(main.appOrigin);
});

test("a sandbox that is started anew brings its OpenCode back by itself", async ({ workspace }) => {
  const { page } = workspace;
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  await openOpenCode(workspace);
  expect(killOpenCode()).toBeGreaterThan(0);
  const reopened = openedView(page);
  await workspace.send("$ echo again-$((40 + 2))");
  await workspace.waitForOutput("again-42");
  expect((await reopened).status()).toBe(200);
  await openCodeFrame(page);
});
