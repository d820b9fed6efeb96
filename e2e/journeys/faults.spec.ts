import { expect, slowCommand, test } from "../stack/fixtures.ts";
import { killOpenCode, killProcess } from "../stack/processes.ts";

test("the worker is killed in the middle of a turn: the turn comes to one end and every text is there once", async ({
  workspace,
}) => {
  await workspace.begin(slowCommand(8));
  await workspace.waitForOutput("line 2");
  killProcess("worker");
  await workspace.waitForOutput("line 8");
  await workspace.waitUntilSettled();
  const transcript = await workspace.transcript();
  expect(transcript.match(/line 8/g)?.length).toBe(1);
  await workspace.page.reload();
  await expect(workspace.toolCard).toBeVisible();
  await workspace.waitForOutput("line 8");
});

test("the sandbox is killed in the middle of a turn: the page says so, and the next message works", async ({
  workspace,
}) => {
  await workspace.begin(`$ echo kept > kept.txt\n${slowCommand(60)}`);
  await workspace.waitForOutput("line 2");
  expect(killOpenCode()).toBeGreaterThan(0);
  await workspace.waitUntilSettled();
  await expect(workspace.conversation).toContainText(/sandbox (restarted|stopped|was interrupted)/i);
  await workspace.send("$ tr a-z A-Z < kept.txt; echo again-$((40 + 2))");
  await workspace.waitForOutput("again-42");
  await workspace.waitForOutput("KEPT");
});

test("Convex is killed while a turn runs: the page recovers and the record is complete", async ({ workspace }) => {
  await workspace.begin(slowCommand(4));
  await workspace.waitForOutput("line 1");
  killProcess("convex");
  await workspace.waitForOutput("line 4");
  await workspace.waitUntilSettled();
  await workspace.page.reload();
  await workspace.waitForOutput("line 4");
  await expect(workspace.threads.getByText("for i in").first()).toBeVisible();
});

test("offline and back: the page says so, keeps the draft, and the turn is complete", async ({ workspace }) => {
  await workspace.begin(slowCommand(6));
  await workspace.waitForOutput("line 1");
  const context = workspace.page.context();
  const chip = workspace.page.getByRole("button", { name: /^Sandbox: / });
  await expect(chip).toHaveText(/Working|Ready/);
  const { y: top } = (await workspace.conversation.getByRole("article").first().boundingBox()) ?? {};
  await context.setOffline(true);
  await expect(workspace.page.getByText(/you.re offline/i)).toBeVisible();
  await expect(chip).toHaveText("Sandbox: Offline");
  expect((await workspace.conversation.getByRole("article").first().boundingBox())?.y, "what is read moved").toBe(top);
  await workspace.composer.fill("a draft of mine");
  await context.setOffline(false);
  await expect(workspace.page.getByText(/you.re offline/i)).toBeHidden();
  await expect(chip).toHaveText(/Working|Ready/);
  await workspace.waitForOutput("line 6");
  await workspace.waitUntilSettled();
  await expect(workspace.composer).toHaveValue("a draft of mine");
  await workspace.page.reload();
  await expect(workspace.composer).toHaveValue("a draft of mine");
});
