import { loseDisks, sandboxNames, waitUntilSaved } from "../support/disks.ts";
import { expect, test } from "../support/fixtures.ts";
import { heldCommand, lines } from "../support/held-command.ts";
import { killOpenCode, killProcess } from "../support/processes.ts";

test("the worker is killed in the middle of a turn: the turn comes to one end and every text is there once", async ({
  workspace,
}) => {
  const held = heldCommand(lines(1, 2), lines(3, 8));
  await workspace.begin(held.message);
  await workspace.waitForOutput("line 2");
  killProcess("worker");
  await held.release();
  await workspace.waitForOutput("line 8");
  await workspace.waitUntilAnswered();
  const expectOnce = () => expect.poll(async () => (await workspace.transcript()).match(/line 8/g)?.length).toBe(1);
  await expectOnce();
  await workspace.page.reload();
  await workspace.waitForOutput("line 8");
  await expectOnce();
});

test("the sandbox is killed in the middle of a turn: the page says so, and the next message works", async ({
  workspace,
}) => {
  await workspace.begin(`$ echo kept > kept.txt\n${heldCommand(lines(1, 2), "true").message}`);
  await workspace.waitForOutput("line 2");
  expect(killOpenCode()).toBeGreaterThan(0);
  await workspace.waitUntilAnswered();
  await expect(workspace.conversation).toContainText(/sandbox (restarted|stopped|was interrupted)/i);
  await workspace.send("$ tr a-z A-Z < kept.txt; echo again-$((40 + 2))");
  await workspace.waitForOutput("again-42");
  await workspace.waitForOutput("KEPT");
});

test("Convex is killed while a turn runs: the page recovers and the record is complete", async ({ workspace }) => {
  const held = heldCommand(lines(1, 1), lines(2, 4));
  await workspace.begin(held.message);
  await workspace.waitForOutput("line 1");
  killProcess("convex");
  await held.release();
  await workspace.waitForOutput("line 4");
  await workspace.waitUntilAnswered();
  await workspace.page.reload();
  await workspace.waitForOutput("line 4");
  await expect(workspace.threads.getByText("for i in").first()).toBeVisible();
});

test("offline and back: the page says so, keeps the draft, and the turn is complete", async ({ workspace }) => {
  const held = heldCommand(lines(1, 1), lines(2, 6));
  await workspace.begin(held.message);
  await workspace.waitForOutput("line 1");
  const context = workspace.page.context();
  const chip = workspace.page.getByRole("button", { name: /^Sandbox: / });
  await expect(chip).toHaveAccessibleName(/Working|Ready/);
  const { y: top } = (await workspace.conversation.getByRole("article").first().boundingBox()) ?? {};
  await context.setOffline(true);
  await expect(workspace.page.getByText(/you.re offline/i)).toBeVisible();
  await expect(chip).toHaveAccessibleName("Sandbox: Offline");
  expect((await workspace.conversation.getByRole("article").first().boundingBox())?.y, "what is read moved").toBe(top);
  await workspace.composer.fill("a draft of mine");
  await held.release();
  await context.setOffline(false);
  await expect(workspace.page.getByText(/you.re offline/i)).toBeHidden();
  await expect(chip).toHaveAccessibleName(/Working|Ready/);
  await workspace.waitForOutput("line 6");
  await workspace.waitUntilAnswered();
  await expect(workspace.composer).toHaveValue("a draft of mine");
  await workspace.page.reload();
  await expect(workspace.composer).toHaveValue("a draft of mine");
});

test("the disks of a sandbox are lost: the next message finds the files that its last turn left", async ({
  workspace,
}) => {
  const before = new Set(await sandboxNames());
  await workspace.begin("$ echo kept > kept.txt; echo made-$((40 + 2))");
  await workspace.waitForOutput("made-42");
  await workspace.waitUntilAnswered();
  const [name = ""] = (await sandboxNames()).filter((known) => !before.has(known));
  await waitUntilSaved(name);
  await loseDisks(name);
  await workspace.send("$ tr a-z A-Z < kept.txt");
  await workspace.waitForOutput("KEPT");
});
