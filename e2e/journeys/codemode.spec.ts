import { createHash } from "node:crypto";
import { AxeBuilder } from "@axe-core/playwright";
import { main } from "../support/addresses.ts";
import { logsSince, markLogs } from "../support/evidence.ts";
import { expect, test, type Workspace } from "../support/fixtures.ts";
import { killProcess } from "../support/processes.ts";

const program = [
  'await workspace.write({ path: "b.txt", content: "made by a program" });',
  'const text = await workspace.read({ path: "b.txt" });',
  'try { await workspace.read({ path: "../c.txt" }); } catch (error) { console.log(error.message); }',
  "return { text, length: text.length };",
].join(" ");
const writing = `program async () => { ${program} }`;

const cardOf = ({ page }: Workspace) => page.getByRole("region", { name: /^A program wants to change/ });
const answer = (workspace: Workspace, name: string) => cardOf(workspace).getByRole("button", { name }).click();

test("a program's changes wait until a person has seen them, and the card says what it did, also after a reload", async ({
  workspace,
}) => {
  await workspace.begin(writing);
  const card = cardOf(workspace);
  await expect(card).toContainText("made by a program");
  await expect(card).toContainText("b.txt");
  // Whatever key comes next, it allows nothing.
  expect(await card.evaluate((element) => element.contains(document.activeElement))).toBe(false);
  const { violations } = await new AxeBuilder({ page: workspace.page }).analyze();
  expect(violations).toEqual([]);
  await workspace.page.reload();
  await answer(workspace, "Allow once");
  await expect(card).toBeHidden();
  await workspace.waitUntilAnswered();
  const run = workspace.newest.getByRole("button", { name: /^Ran program a program with 3 tool calls/ });
  const saysAll = async () => {
    await expect(run).toHaveAttribute("aria-expanded", "true");
    for (const words of [
      'workspace.write path: "b.txt"',
      "The path is outside the workspace.",
      '"length": 17',
      "Allowed, and done.",
      "tokens more than single calls",
    ])
      await expect(workspace.newest).toContainText(words);
  };
  await saysAll();
  await workspace.page.reload();
  await saysAll();
  await workspace.send("$ cat b.txt");
  await workspace.waitForOutput("made by a program");
});

test("what is denied changes nothing and is told to the agent; the first of two tabs decides; on a phone too", async ({
  workspace,
}) => {
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  await workspace.page.setViewportSize({ width: 390, height: 844 });
  await workspace.send(writing);
  const card = cardOf(workspace);
  await expect(card).toContainText("made by a program");
  const other = await workspace.page.context().newPage();
  await other.goto(workspace.page.url());
  const elsewhere = other.getByRole("region", { name: /^A program wants to change/ });
  await expect(elsewhere).toBeVisible();
  const overflow = await workspace.page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect(overflow).toBe(0);
  await answer(workspace, "Deny");
  await expect(card).toBeHidden();
  await expect(elsewhere).toBeHidden();
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("The person who was asked said no.");
  await workspace.send("$ cat b.txt || echo there is none");
  await workspace.waitForOutput("there is none");
});

test("a thread whose program waits says so in the list, and the question outlives the worker", async ({
  workspace,
}) => {
  await workspace.begin(writing);
  const card = cardOf(workspace);
  await expect(card).toContainText("made by a program");
  const thread = workspace.threads.getByRole("link").first();
  await workspace.page.getByRole("button", { name: "New thread" }).first().click();
  await expect(workspace.threads.getByText("Waiting for you")).toBeAttached();
  killProcess("worker");
  await thread.click();
  await expect(card).toContainText("made by a program");
  await expect(async () => {
    if (await card.isVisible()) await card.getByRole("button", { name: "Allow once" }).click({ timeout: 2_000 });
    await expect(card).toBeHidden({ timeout: 5_000 });
  }).toPass();
  await workspace.waitUntilAnswered();
  await workspace.send("$ cat b.txt");
  await workspace.waitForOutput("made by a program");
});

test("Always in this thread asks no more, and is taken back under Activity", async ({ workspace }) => {
  await workspace.begin(writing);
  await answer(workspace, "Always in this thread");
  await workspace.waitUntilAnswered();
  await workspace.send('program async () => (await codemode.exec({ command: "cp b.txt c.txt && cat c.txt" })).stdout');
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("made by a program");
  await workspace.page.getByRole("button", { name: "Show computer" }).click();
  await workspace.page.getByRole("tab", { name: "Activity" }).click();
  await workspace.page.getByRole("button", { name: "Ask again" }).click();
  await expect(workspace.page.getByText("without asking")).toBeHidden();
  await workspace.send('program async () => workspace.write({ path: "c.txt", content: "other" })');
  await expect(cardOf(workspace)).toContainText("c.txt");
  await workspace.stopButton.click();
  await expect(cardOf(workspace)).toBeHidden();
  await workspace.send("$ cat c.txt");
  await workspace.waitForOutput("made by a program");
});

test("a program that computes for ever is ended, and the thread and its next program go on", async ({ workspace }) => {
  await workspace.begin("program async () => { while (true) {} }");
  await workspace.waitUntilAnswered();
  await expect(
    workspace.newest.getByRole("button", { name: /^Ran program a program with 0 tool calls Failed/ }),
  ).toBeVisible();
  await expect(workspace.newest).toContainText("The process of this program went away");
  await workspace.send("program async () => 6 * 7");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("42");
});

const sending = `program async () => http.fetch({ url: "https://api.github.com/repos/a/b/issues?x=1", method: "POST", headers: { "X-Note": "from a program", "Authorization": "Bearer typed-in" }, body: JSON.stringify({ title: "made by a program" }) })`;

test("what a program would send is shown before anything leaves: where to, with what, and no credential", async ({
  workspace,
}) => {
  await workspace.begin(sending);
  const card = workspace.page.getByRole("region", { name: "A program wants to send a request" });
  for (const words of ["POST", "api.github.com/repos/a/b/issues?x=1", "from a program", "Bearer ••••••"])
    await expect(card).toContainText(words);
  await expect(card).toContainText('{"title":"made by a program"}');
  // The text of the program is the program's own; what is shown of the request holds no credential.
  await expect(card.getByLabel("Headers")).not.toContainText("typed-in");
  // What is sent is asked about each time.
  await expect(card.getByRole("button", { name: "Always in this thread" })).toBeHidden();
  const { violations } = await new AxeBuilder({ page: workspace.page }).analyze();
  expect(violations).toEqual([]);
  await card.getByRole("button", { name: "Deny" }).click();
  await expect(card).toBeHidden();
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("Denied. Nothing was changed, and nothing was sent.");
});

const questionOf = ({ page }: Workspace) => page.getByRole("region", { name: "A program asks you" });

test("a program asks while it runs, its card tells each call as it happens, and the first answer over tabs counts", async ({
  workspace,
}) => {
  await workspace.begin(
    'program async () => { await workspace.list({}); const side = await codemode.askUser({ question: "Which side?", choices: ["left", "right"] }); return "went " + side; }',
  );
  const question = questionOf(workspace);
  await expect(question).toContainText("Which side?");
  await expect(workspace.newest).toContainText("Waiting for you");
  await expect(workspace.newest).toContainText('codemode.askUser question: "Which side?"');
  await expect(workspace.newest.getByRole("list", { name: "Tool calls" })).toContainText("workspace.list");
  const { violations } = await new AxeBuilder({ page: workspace.page }).analyze();
  expect(violations).toEqual([]);
  const other = await workspace.page.context().newPage();
  await other.goto(workspace.page.url());
  const elsewhere = other.getByRole("region", { name: "A program asks you" });
  await expect(elsewhere).toBeVisible();
  await question.getByRole("button", { name: "right" }).click();
  await expect(question).toBeHidden();
  await expect(elsewhere).toBeHidden();
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("went right");
});

test("a question outlives the worker, and is answered by whoever was asked before", async ({ workspace }) => {
  await workspace.begin('program async () => "hello " + (await codemode.askUser({ question: "Who is it?" }))');
  const question = questionOf(workspace);
  await expect(question).toContainText("Who is it?");
  killProcess("worker");
  await expect(async () => {
    if (await question.isVisible()) {
      await question.getByRole("textbox", { name: "Your answer" }).fill("Ada", { timeout: 2_000 });
      await question.getByRole("button", { name: "Answer", exact: true }).click({ timeout: 2_000 });
    }
    await expect(question).toBeHidden({ timeout: 5_000 });
  }).toPass();
  await workspace.waitUntilAnswered();
});

test("Stop ends a program while it computes, and the card says so", async ({ workspace }) => {
  const marks = markLogs([main]);
  await workspace.begin("program async () => { await workspace.list({}); for (;;) {} }");
  await expect(workspace.newest.getByRole("list", { name: "Tool calls" })).toContainText("workspace.list");
  await workspace.stopButton.click();
  await expect(workspace.newest).toContainText("It was stopped before it returned.");
  const killed = () => logsSince(marks, [main]).some(([, text]) => /codemode\.killed.*stopped/.test(text));
  await expect.poll(killed).toBe(true);
  await workspace.send("program async () => 6 * 7");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("42");
});

test("what a program has changed is undone from its card, unless somebody has changed it since", async ({
  workspace,
}) => {
  await workspace.begin(writing);
  await answer(workspace, "Allow once");
  await workspace.waitUntilAnswered();
  const undo = workspace.page.getByRole("button", { name: "Undo changes" });
  await workspace.send("$ cp b.txt kept.txt && echo more >> b.txt");
  await workspace.waitUntilAnswered();
  await undo.click();
  await expect(workspace.page.getByRole("alert")).toContainText("b.txt has changed since. Nothing was undone.");
  await workspace.send("$ mv kept.txt b.txt");
  await workspace.waitUntilAnswered();
  await undo.click();
  await expect(workspace.page.getByText("Undone. The files are as they were before.")).toBeVisible();
  await workspace.send("$ cat b.txt || echo there is none");
  await workspace.waitForOutput("there is none");
});

/** The receipts of a chain in which one run was made to look as if it had failed, each hash worked out anew. */
const rewritten = (receipts: readonly { readonly text: string; readonly hash: string }[]) => {
  let before = "";
  return receipts.map(({ text: said }) => {
    const text = JSON.stringify({ ...JSON.parse(said), end: "failed", before });
    before = createHash("sha256").update(text).digest("hex");
    return { text, hash: before };
  });
};

test("a run is kept under a name and run again with arguments, and its receipts are checked against what Activity recorded", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin("program async (input) => ({ twice: 2 * (input ?? { of: 1 }).of })");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Activity" }).click();
  const programs = page.getByRole("button", { name: "Programs", exact: true });
  await programs.click();
  await expect(
    page.getByText("1 receipt, checked on this device: an unbroken chain, as Activity recorded it"),
  ).toBeVisible();
  await page.getByRole("button", { name: "Save the program of run 1" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Double");
  await page.getByRole("button", { name: "Save program" }).click();
  await page.getByText("Double", { exact: true }).click();
  await page.getByRole("textbox", { name: "Arguments, as JSON" }).fill('{ "of": 21 }');
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("status", { name: "Result" })).toContainText('"twice": 42');
  await expect(
    page.getByText("2 receipts, checked on this device: an unbroken chain, as Activity recorded it"),
  ).toBeVisible();
  await page.route("**/api/codemode/*/runs", async (route) => {
    const response = await route.fetch();
    const runs = await response.json();
    await route.fulfill({ response, json: { ...runs, receipts: rewritten(runs.receipts) } });
  });
  await page.getByRole("button", { name: "All", exact: true }).click();
  await programs.click();
  await expect(page.getByRole("alert")).toContainText("The receipt of run 1 isn’t the one that Activity recorded.");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});
