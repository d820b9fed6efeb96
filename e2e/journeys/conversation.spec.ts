import { callConvex, createThread, signInForAccessToken } from "../support/access.ts";
import { main, withModel } from "../support/addresses.ts";
import { expect, test, Workspace } from "../support/fixtures.ts";
import { heldCommand, lines } from "../support/held-command.ts";

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

test("an edited message and a repeated answer are versions beside what was there, in every tab and in the record", async ({
  workspace,
}) => {
  const { page, conversation } = workspace;
  const accessToken = await signInForAccessToken(workspace);
  await workspace.openNewThread();
  await workspace.send("$ echo first-$((40 + 2)) | tee kept.txt");
  await workspace.waitForOutput("first-42");
  await workspace.waitUntilAnswered();
  const second = new Workspace(await page.context().newPage());
  await second.page.goto(page.url());
  await second.waitForOutput("first-42");

  await conversation.getByText("echo first-").first().hover();
  await conversation.getByRole("button", { name: "Edit message" }).click();
  await conversation.getByRole("textbox", { name: "Edit message" }).fill("$ cat kept.txt /proc/sys/kernel/random/uuid");
  await conversation.getByRole("button", { name: "Resend" }).click();
  await expect(conversation).not.toContainText("echo first-");
  await expect(conversation).toContainText(uuid);
  await expect(conversation).toContainText("first-42");
  await expect(conversation).toContainText("Files keep the changes of the other version.");
  await workspace.waitUntilAnswered();
  const [firstOutput = ""] = uuid.exec(await conversation.innerText()) ?? [];

  await conversation.getByRole("button", { name: "Retry" }).click();
  await expect(conversation).not.toContainText(firstOutput);
  await expect(conversation).toContainText(uuid);
  await workspace.waitUntilAnswered();
  const [output = ""] = uuid.exec(await conversation.innerText()) ?? [];
  expect(output).not.toBe(firstOutput);

  const expectVersions = async (tab: Workspace, shown: string, hidden: string, versions: readonly string[]) => {
    await tab.waitForOutput(shown);
    await expect(tab.conversation).not.toContainText(hidden);
    await expect(tab.conversation.getByRole("article")).toHaveCount(2);
    for (const name of versions) await expect(tab.conversation.getByRole("group", { name }).first()).toBeVisible();
  };
  const last = ["Version 2 of 2"];
  await expectVersions(workspace, output, firstOutput, last);
  await expectVersions(second, output, firstOutput, last);
  await page.reload();
  await expectVersions(workspace, output, firstOutput, last);

  const threadId = new URL(page.url()).pathname.split("/").at(-1);
  const expectRecord = (shown: string, hidden: string) =>
    expect(async () => {
      const args = { threadId, paginationOpts: { numItems: 50, cursor: null } };
      const text = JSON.stringify(await callConvex("query", "messages:list", args, accessToken));
      expect(text).toContain(shown);
      expect(text).not.toContain(hidden);
      expect(JSON.parse(text).page).toHaveLength(2);
    }).toPass();
  await expectRecord(output, firstOutput);

  const answer = conversation.getByRole("article", { name: "Assistant" });
  await answer.getByRole("button", { name: "Previous version" }).click();
  await expectVersions(workspace, firstOutput, output, ["Version 1 of 2", "Version 2 of 2"]);
  await expect(answer.getByRole("button", { name: "Next version" })).toBeFocused();
  await expectVersions(second, firstOutput, output, ["Version 1 of 2", "Version 2 of 2"]);
  await expectRecord(firstOutput, output);

  const question = second.conversation.getByRole("article", { name: "You" });
  await question.getByRole("button", { name: "Previous version" }).press("ArrowLeft");
  await expectVersions(second, "first-42", firstOutput, ["Version 1 of 2"]);
  await expectVersions(workspace, "first-42", firstOutput, ["Version 1 of 2"]);
  await page.reload();
  await expectVersions(workspace, "first-42", firstOutput, ["Version 1 of 2"]);
  await expectRecord("echo first-", firstOutput);

  await question.getByRole("button", { name: "Next version" }).click();
  await expectVersions(workspace, firstOutput, output, ["Version 1 of 2", "Version 2 of 2"]);
  await workspace.send("$ echo went-$((40 + 3))");
  await second.waitForOutput("went-43");
  await workspace.waitUntilAnswered();

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await conversation.getByRole("button", { name: "Copy answer" }).last().click();
  await expect(async () => {
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("- bash: `echo went-$((40 + 3))`");
  }).toPass();
});

test("every thread keeps its own draft over a reload, and a sent one is gone", async ({ workspace }) => {
  const { page, composer } = workspace;
  const accessToken = await signInForAccessToken(workspace);
  const [one, two] = [await createThread(accessToken), await createThread(accessToken)];
  const open = async (threadId: string) => {
    await page.goto(`${main.appOrigin}/t/${threadId}`);
    await expect(composer).toBeVisible();
  };
  await open(one);
  await composer.fill("the first draft\nwith two lines");
  await open(two);
  await expect(composer).toHaveValue("");
  await composer.fill("the second draft");
  await page.goto(main.appOrigin);
  await composer.fill("a draft of no thread yet");
  for (const [threadId, draft] of [
    [one, "the first draft\nwith two lines"],
    [two, "the second draft"],
  ] as const) {
    await open(threadId);
    await expect(composer).toHaveValue(draft);
    await page.reload();
    await expect(composer).toHaveValue(draft);
  }
  await page.goto(main.appOrigin);
  await expect(composer).toHaveValue("a draft of no thread yet");
  await composer.press("Enter");
  await expect(page).toHaveURL(/\/t\//);
  await expect(workspace.conversation).toContainText("a draft of no thread yet");
  await expect(composer).toHaveValue("");
  await page.goto(main.appOrigin);
  await expect(workspace.threads.getByText("a draft of no thread yet")).toBeVisible();
  await expect(composer).toHaveValue("");
});

test("the end is followed while it is in view; whoever reads above it stays there and can jump to it", async ({
  workspace,
}) => {
  const { page, conversation } = workspace;
  const held = heldCommand(lines(1, 2), lines(3, 8));
  await workspace.begin(`${"a long line of a long message\n".repeat(80)}\n${held.message}`);
  await workspace.waitForOutput("line 2");
  const jump = page.getByRole("button", { name: "Jump to latest" });
  await expect(jump).toBeHidden();
  await expect(conversation.getByText("line 2").last()).toBeInViewport();
  await conversation.getByText("line 2").last().hover();
  const top = () => conversation.evaluate((log) => log.getBoundingClientRect().top);
  const atTheEnd = await top();
  // A wheel's way is taken in many steps; it ends at the beginning of the conversation.
  await page.mouse.wheel(0, -100_000);
  const beginning = () => conversation.evaluate((log) => log.parentElement?.scrollTop);
  await expect.poll(beginning).toBe(0);
  await expect(jump).toBeVisible();
  const before = await top();
  expect(before).toBeGreaterThan(atTheEnd + 500);
  await held.release();
  await expect(conversation).toContainText("line 8");
  await workspace.waitUntilAnswered();
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
  await jump.click();
  await expect(jump).toBeHidden();
  await expect(conversation.getByText("line 8").last()).toBeInViewport();
  await expect(jump).toBeHidden();
});

test("on paper a conversation is whole, and nothing else is there", async ({ workspace }) => {
  const { page, conversation, composer } = workspace;
  await workspace.begin("$ seq 1 80");
  await workspace.waitUntilAnswered();
  await workspace.send("$ echo the-end");
  await workspace.waitUntilAnswered();
  await page.emulateMedia({ media: "print" });
  await expect(composer).toBeHidden();
  await expect(workspace.threads).toBeHidden();
  await expect(conversation).toBeVisible();
  const ofPage = await page.evaluate(() => ({
    height: document.documentElement.scrollHeight,
    ends: [...document.querySelectorAll("article")].map((message) => message.getBoundingClientRect().bottom + scrollY),
  }));
  expect(ofPage.ends.length).toBe(4);
  expect(Math.max(...ofPage.ends)).toBeLessThanOrEqual(ofPage.height);
  expect(Math.min(...ofPage.ends)).toBeGreaterThan(0);
});

test("a thread's address leads through sign-in to the thread, also after signing out", async ({ workspace }) => {
  const { page } = workspace;
  const accessToken = await signInForAccessToken(workspace);
  const threadId = await createThread(accessToken);
  await page.goto(`${main.appOrigin}/t/${threadId}`);
  await workspace.composer.fill("a draft that outlives the session");
  await page.getByRole("button", { name: `Account: ${workspace.userName}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  // The browser goes by the identity provider; until it is back, it would not be sent anywhere else.
  await expect(page).toHaveURL(`${main.appOrigin}/sign-in`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await page.goto(`${main.appOrigin}/t/${threadId}`);
  await expect(page).toHaveURL(/\/sign-in\?/);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: workspace.userName }).click();
  await expect(page).toHaveURL(`${main.appOrigin}/t/${threadId}`);
  await expect(workspace.composer).toHaveValue("a draft that outlives the session");
});

test("a model that fails is told in plain words, and Retry works once it has recovered", async ({
  workspace,
  modelled: { model },
}) => {
  const { conversation } = workspace;
  const tryAgain = conversation.getByRole("button", { name: "Retry" });
  const expectPlainWords = async () => {
    const text = await conversation.innerText();
    expect(text).not.toMatch(/undefined|\[object|Error:|APIError|\bat \w+ \(|sk-|\{"|stack/);
  };
  model.reply({
    kind: "failure",
    status: 429,
    message: "Rate limit reached for stub-1 with key sk-abcdef1234567890.",
    retryAfterMs: 600_000,
  });
  await workspace.begin("Say something.", withModel);
  await expect(tryAgain).toBeVisible();
  await expect(conversation).toContainText(/limiting requests: Rate limit reached.* Try again in 10 minutes\./);
  await expectPlainWords();

  model.reply({ kind: "failure", status: 500, message: "The stub is on fire", retryAfterMs: 100 });
  await tryAgain.click();
  await expect(conversation).toContainText(/the stub is on fire/i);
  await expect(tryAgain).toBeVisible();
  await expectPlainWords();

  model.reply({ kind: "text", text: "Here I am again." });
  await tryAgain.click();
  await expect(conversation).toContainText("Here I am again.");
  await workspace.waitUntilAnswered();
  await expect(conversation).not.toContainText(/on fire|limiting/i);
  await expect(conversation.getByRole("article")).toHaveCount(2);
  await workspace.page.reload();
  await expect(conversation).toContainText("Here I am again.");
  await expect(conversation).not.toContainText(/on fire|limiting/i);
});

test("after a second start users, threads, messages and files are what they were", async ({ workspace, modelled }) => {
  const { page } = workspace;
  modelled.model.reply({ kind: "command", command: "echo kept-$((40 + 2)) > kept.txt && cat kept.txt" });
  await workspace.begin("Keep a file for me.", withModel);
  await workspace.waitForOutput("kept-42");
  await workspace.waitUntilAnswered();
  const address = page.url();
  const before = await workspace.transcript();
  await modelled.restart();

  await page.goto(address);
  await expect(workspace.threads.getByRole("link", { name: "Keep a file for me." })).toBeVisible();
  await expect(page.getByRole("button", { name: `Account: ${workspace.userName}` })).toBeVisible();
  await workspace.waitForOutput("kept-42");
  await expect.poll(() => workspace.transcript()).toBe(before);
  modelled.model.reply({ kind: "command", command: "cat kept.txt; echo again-$((40 + 2))" });
  await workspace.send("What does it say?");
  await workspace.waitForOutput("again-42");
  await expect.poll(() => workspace.transcript()).toMatch(/kept-42 again-42/);
});
