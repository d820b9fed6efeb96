import { expect, slowCommand, test, Workspace } from "../stack/fixtures.ts";

test("a message becomes work in the thread's sandbox, and is there again after a reload", async ({ workspace }) => {
  await workspace.begin("$ echo hi > a.txt && cat a.txt && node --version");
  await workspace.waitForOutput("v24.");
  await workspace.waitUntilSettled();
  await workspace.send("read a.txt");
  await workspace.waitUntilRunning();
  await workspace.waitUntilSettled();
  await workspace.page.reload();
  await expect(workspace.conversation).toContainText("a.txt");
  await workspace.waitForOutput("hi");
});

test("a reload in the middle of a turn and a second tab come to the same text", async ({ workspace }) => {
  await workspace.begin(slowCommand(6));
  await workspace.waitForOutput("line 2");
  await workspace.page.reload();
  await workspace.waitForOutput("line 3");
  const secondTab = new Workspace(await workspace.page.context().newPage());
  await secondTab.page.goto(workspace.page.url());
  await secondTab.waitForOutput("line 6");
  await workspace.waitUntilSettled();
  await secondTab.waitUntilSettled();
  const transcript = await workspace.transcript();
  expect(transcript.match(/line 6/g)?.length).toBe(1);
  await expect.poll(() => secondTab.transcript()).toBe(transcript);
});

test("stop ends the command within the sandbox and says so", async ({ workspace }) => {
  await workspace.begin(`${slowCommand(60)}; touch finished`);
  await workspace.waitForOutput("line 2");
  await workspace.stopButton.click();
  await expect(workspace.stopButton).toBeHidden({ timeout: 5_000 });
  await expect(workspace.conversation).toContainText(/Stopped after \d/);
  expect((await workspace.conversation.innerText()).match(/Stopped/g), "said once").toHaveLength(1);
  await workspace.send("$ test -e finished || echo never-$((40 + 2)); pgrep -fc '[s]eq 60' || echo gone-$((40 + 2))");
  await workspace.waitForOutput("never-42");
  await workspace.waitForOutput("gone-42");
});

test("the sandbox's chip and the transcript count the same seconds of a turn", async ({ workspace }) => {
  await workspace.begin(slowCommand(8));
  const chip = workspace.page.getByRole("button", { name: /^Sandbox: Working/ });
  await expect(chip).toContainText(/\d s/, { timeout: 60_000 });
  const seconds = () =>
    workspace.page.evaluate(() => {
      const all = [...document.querySelectorAll("button, [role=log] *")];
      const find = (pattern: RegExp) =>
        all.map(({ textContent }) => pattern.exec(textContent ?? "")?.[1]).find(Boolean);
      return { chip: find(/^Sandbox: Working (.+)$/), transcript: find(/^Working…(.+)$/) };
    });
  let seen: Awaited<ReturnType<typeof seconds>> | undefined;
  const isCounted = async () => {
    seen = await seconds();
    return seen.chip !== undefined && seen.transcript !== undefined;
  };
  await expect.poll(isCounted).toBe(true);
  expect(seen?.chip).toBe(seen?.transcript);
  await workspace.waitUntilSettled();
});

test("a message sent while a turn runs waits visibly and is then answered", async ({ workspace }) => {
  await workspace.begin(slowCommand(4));
  await workspace.waitForOutput("line 1");
  await workspace.send("$ echo second-$((40 + 2))");
  await expect(workspace.conversation).toContainText(/queued/i);
  await workspace.waitForOutput("second-42");
  await workspace.waitUntilSettled();
  await expect(workspace.conversation).not.toContainText(/queued/i);
});
