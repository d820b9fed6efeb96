import { withModel } from "../support/addresses.ts";
import { expect, test, Workspace } from "../support/fixtures.ts";
import { heldCommand, lines } from "../support/held-command.ts";
import { sandboxProcesses } from "../support/processes.ts";

test("a message becomes work in the thread's sandbox, and is there again after a reload", async ({ workspace }) => {
  await workspace.begin("$ echo hi-$((40 + 2)) > a.txt && cat a.txt && node --version");
  await workspace.waitForOutput("v24.");
  await workspace.waitUntilAnswered();
  await workspace.send("read a.txt");
  await workspace.waitUntilAnswered();
  await workspace.send("$ tr a-z A-Z < a.txt");
  await workspace.waitForOutput("HI-42");
  await workspace.waitUntilAnswered();
  await workspace.page.reload();
  await expect(workspace.conversation.getByRole("article")).toHaveCount(6);
  await expect(workspace.conversation).toContainText("read a.txt");
  await workspace.waitForOutput("HI-42");
});

test("a reload in the middle of a turn and a second tab come to the same text", async ({ workspace }) => {
  const held = heldCommand(lines(1, 2), lines(3, 6));
  await workspace.begin(held.message);
  await workspace.waitForOutput("line 2");
  await workspace.page.reload();
  await workspace.waitForOutput("line 2");
  const secondTab = new Workspace(await workspace.page.context().newPage());
  await secondTab.page.goto(workspace.page.url());
  await secondTab.waitForOutput("line 2");
  await workspace.waitUntilRunning();
  await secondTab.waitUntilRunning();
  await held.release();
  for (const tab of [workspace, secondTab]) {
    await tab.waitForOutput("line 6");
    await tab.waitUntilAnswered();
  }
  await expect(async () => {
    const transcript = await workspace.transcript();
    expect(transcript.match(/line 6/g)?.length).toBe(1);
    expect(await secondTab.transcript()).toBe(transcript);
  }).toPass();
});

test("stop ends the command within the sandbox and says so", async ({ workspace }) => {
  const held = heldCommand(lines(1, 2), "touch finished");
  await workspace.begin(held.message);
  await workspace.waitForOutput("line 2");
  // By shell or by the program that stands still; what is noted of a turn afterwards has its command in a title.
  const runsCommand = ({ commandLine }: { readonly commandLine: string }) =>
    commandLine === held.standstill || (commandLine.includes(held.command) && !commandLine.includes("refs/turns"));
  await expect.poll(() => sandboxProcesses().some(runsCommand)).toBe(true);
  await workspace.stopButton.click();
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText(/Stopped after \d/);
  expect((await workspace.conversation.innerText()).match(/Stopped/g), "said once").toHaveLength(1);
  expect(sandboxProcesses().filter(runsCommand), "what runs once the turn is said to have stopped").toEqual([]);
  await workspace.send("$ test -e finished || echo never-$((40 + 2))");
  await workspace.waitForOutput("never-42");
});

test("the seconds of a turn are counted once: beside what it does, and not on the sandbox's chip", async ({
  workspace,
}) => {
  const held = heldCommand(lines(1, 1), "true");
  await workspace.begin(held.message);
  await workspace.waitForOutput("line 1");
  await expect(workspace.newest).toContainText(/(Working…|Running command)\s*\d+ s/);
  const chip = workspace.page.getByRole("button", { name: /^Sandbox: Working/ });
  await expect(chip).not.toContainText(/\d/);
  await held.release();
  await workspace.waitUntilAnswered();
});

test("a message sent while a turn runs waits visibly and is then answered", async ({ workspace }) => {
  const held = heldCommand("echo first-$((40 + 2))", "true");
  await workspace.begin(held.message);
  await workspace.waitForOutput("first-42");
  await workspace.send("$ echo second-$((40 + 2))");
  await expect(workspace.newest).toContainText("Queued");
  await held.release();
  await workspace.waitForOutput("second-42");
  await workspace.waitUntilAnswered();
  await expect(workspace.conversation).not.toContainText(/queued/i);
});

test("a queued message that is taken back is a draft again, above what was typed since", async ({ workspace }) => {
  const { page, composer, conversation } = workspace;
  const held = heldCommand("echo first-$((40 + 2))", "true");
  await workspace.begin(held.message);
  await workspace.waitForOutput("first-42");
  await workspace.send("$ echo taken back");
  await expect(workspace.newest).toContainText("Queued");
  await composer.fill("typed since");
  await workspace.newest.getByRole("button", { name: "Edit" }).click();
  await expect(composer).toHaveValue("$ echo taken back\n\ntyped since");
  await expect(composer).toBeFocused();
  await expect(conversation.getByText("taken back")).toHaveCount(0);
  await held.release();
  await workspace.waitUntilAnswered();
  await page.reload();
  await expect(conversation.getByRole("article")).toHaveCount(2);
  await expect(composer).toHaveValue("$ echo taken back\n\ntyped since");
});

test("a turn says that it starts its sandbox where it does, and never where the sandbox is ready", async ({
  workspace,
}) => {
  await workspace.begin("$ echo first-$((40 + 2))");
  await expect(workspace.conversation).toContainText("Starting your sandbox");
  await workspace.waitForOutput("first-42");
  await workspace.waitUntilAnswered();
  const said = await workspace.conversation.evaluateHandle((log) => {
    const texts = new Set<string>();
    const observer = new MutationObserver(() => texts.add(log.textContent ?? ""));
    observer.observe(log, { childList: true, characterData: true, subtree: true });
    return texts;
  });
  const held = heldCommand("echo second-$((40 + 2))", "true");
  await workspace.send(held.message);
  await workspace.waitForOutput("second-42");
  await held.release();
  await workspace.waitUntilAnswered();
  const texts = await said.evaluate((set) => [...set]);
  expect(texts.filter((text) => text.includes("Working…")).length).toBeGreaterThan(0);
  expect(texts.filter((text) => text.includes("Starting your sandbox"))).toEqual([]);
});

test("a command that says nothing for long is named as what the turn waits for", async ({ workspace }) => {
  const held = heldCommand("echo first-$((40 + 2))", "true");
  await workspace.begin(held.message);
  await expect(workspace.newest).toContainText(/Running command\s*\d+ s/);
  await held.release();
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).not.toContainText("Running command");
});

test("a model that says nothing for long is named as what the turn waits for", async ({ workspace, modelled }) => {
  modelled.model.reply({ kind: "silence", after: null });
  await workspace.begin("Are you there?", withModel);
  await expect(workspace.newest).toContainText(/Waiting for the model\s*\d+ s/);
  await workspace.stopButton.click();
  await expect(workspace.newest).toContainText(/Stopped after \d/);
});
