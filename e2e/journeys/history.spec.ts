import AxeBuilder from "@axe-core/playwright";
import { main } from "../support/addresses.ts";
import { sandboxNames, waitUntilSaved } from "../support/disks.ts";
import { expect, test, type Workspace } from "../support/fixtures.ts";
import { openOpenCode } from "../support/opencode-view.ts";
import { killProcess } from "../support/processes.ts";
import { TerminalPane } from "../support/terminal.ts";

const dialogOf = ({ page }: Workspace) => page.getByRole("dialog", { name: "Restore files" });

/** Opens the dialog that offers the files as they were before the newest message. */
const askBefore = async (workspace: Workspace) => {
  const message = workspace.conversation.getByRole("article", { name: "You" }).last();
  await message.getByRole("button", { name: "Restore files to before this message" }).click();
  return dialogOf(workspace);
};

const beginSaved = async (workspace: Workspace, command: string) => {
  const before = new Set(await sandboxNames());
  await workspace.begin(command);
  await workspace.waitUntilAnswered();
  const [name = ""] = (await sandboxNames()).filter((known) => !before.has(known));
  await waitUntilSaved(name);
};

test("files and conversation go back to before a message, and forward again, and nothing is lost", async ({
  workspace,
}, testInfo) => {
  const { page } = workspace;
  await beginSaved(workspace, "$ echo one > a.txt; echo kept > b.txt; echo made-$((40 + 2))");
  await workspace.send("$ echo two > a.txt; rm b.txt; echo more > c.txt; echo done-$((50 + 2))");
  await workspace.waitForOutput("done-52");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  const file = (name: string) => page.getByRole("treeitem", { name });
  await expect(file("c.txt")).toBeVisible();

  const dialog = await askBefore(workspace);
  await expect(dialog).toContainText("1 file comes back, 1 file changes back and 1 file goes away.");
  await expect(dialog.getByRole("list", { name: "What changes" }).getByRole("listitem")).toHaveText([
    "changes back: a.txt",
    "comes back: b.txt",
    "goes away: c.txt",
  ]);
  await page.screenshot({ path: testInfo.outputPath("restore-light.png") });
  await dialog.getByRole("button", { name: "Restore files" }).click();
  await expect(page.getByText(/^Files restored to /)).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(workspace.conversation.getByRole("article")).toHaveCount(2);
  await expect(file("b.txt"), "what is in front is true at once").toBeVisible({ timeout: 2_000 });
  await expect(file("c.txt")).toBeHidden();

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("The restore was taken back")).toBeVisible();
  await expect(workspace.conversation.getByRole("article")).toHaveCount(4);
  await expect(file("c.txt")).toBeVisible({ timeout: 2_000 });
  await expect(file("b.txt")).toBeHidden();

  await page.getByRole("tab", { name: "History" }).click();
  const points = page.getByRole("region", { name: "History" });
  await expect(points.getByRole("listitem").filter({ hasText: "Before files were restored" })).toHaveCount(2);
  await page.screenshot({ path: testInfo.outputPath("history-light.png") });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: testInfo.outputPath("history-dark.png") });
  expect((await new AxeBuilder({ page }).include("aside").analyze()).violations).toEqual([]);
  await points.getByRole("listitem").filter({ hasText: "After “$ echo one" }).getByRole("button").last().click();
  await expect(dialog).toContainText("1 file goes away");
  await page.screenshot({ path: testInfo.outputPath("restore-dark.png") });
  expect((await new AxeBuilder({ page }).include('[role="dialog"]').analyze()).violations).toEqual([]);
  await dialog.getByRole("button", { name: "Restore files" }).click();
  await expect(page.getByText(/^Files restored to /).last()).toBeVisible();
  await expect(workspace.conversation.getByRole("article")).toHaveCount(2);

  await workspace.send("$ cat a.txt; ls; echo other-$((60 + 2))");
  await workspace.waitForOutput("other-62");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("one");
  await expect(workspace.newest).toContainText("b.txt");
  await expect(workspace.newest).not.toContainText("c.txt");
  await expect(
    workspace.conversation.getByRole("group", { name: "Version 2 of 2" }),
    "what came after stays",
  ).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: testInfo.outputPath("history-390.png") });
  await page.reload();
  await expect(workspace.conversation.getByRole("article")).toHaveCount(4);
  await expect(workspace.newest).toContainText("other-62");
});

test("a machine part that is killed in the middle of a restore leaves the one state of the files or the other", async ({
  workspace,
}, testInfo) => {
  const { page } = workspace;
  await beginSaved(
    workspace,
    "$ head -c 200M /dev/urandom > big; md5sum big > sum; echo one > a.txt; echo made-$((40 + 2))",
  );
  await workspace.send("$ rm big sum; echo two > a.txt; echo done-$((50 + 2))");
  await workspace.waitForOutput("done-52");
  await workspace.waitUntilAnswered();
  const dialog = await askBefore(workspace);
  await expect(dialog).toContainText("come back");
  await dialog.getByRole("button", { name: "Restore files" }).click();
  await expect(dialog).toContainText(/Restoring the files/);
  killProcess("sandbox-host");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("restore-error.png") });
  await expect(workspace.conversation.getByRole("article"), "the conversation stays where the files are").toHaveCount(
    4,
  );

  const health = `http://127.0.0.1:${main.env.SANDBOX_HOST_PORT}/v1/health`;
  await expect
    .poll(() =>
      fetch(health).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    .toBe(true);
  await dialog.getByRole("button", { name: "Restore files" }).click();
  await expect(page.getByText(/^Files restored to /)).toBeVisible();
  await workspace.send("$ md5sum -c sum; cat a.txt; echo whole-$((60 + 2))");
  await workspace.waitForOutput("whole-62");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("big: OK");
  await expect(workspace.newest).toContainText("one");
});

test("what is open beside the conversation is of the restored computer: OpenCode, terminals and changes", async ({
  workspace,
}) => {
  const { page } = workspace;
  await beginSaved(workspace, "$ echo one > a.txt; echo made-$((40 + 2))");
  await workspace.send("$ echo two > later.txt; echo done-$((50 + 2))");
  await workspace.waitForOutput("done-52");
  await workspace.waitUntilAnswered();
  const frame = await openOpenCode(workspace);
  await expect(frame.getByText("echo done-$((50 + 2))").first()).toBeVisible();
  await page.getByRole("tab", { name: "Changes" }).click();
  const changes = page.getByRole("region", { name: "Changes" });
  await expect(changes).toContainText("later.txt");
  await page.getByRole("tab", { name: "Terminal" }).click();
  const terminals = new TerminalPane(page);
  await terminals.waitUntilOpen();
  await terminals.run("sleep 4321");

  const dialog = await askBefore(workspace);
  await expect(dialog).toContainText("which ends what runs now: sleep 4321.");
  await expect(dialog).toContainText("1 file goes away.");
  await dialog.getByRole("button", { name: "Restore files" }).click();
  await expect(page.getByText(/^Files restored to /)).toBeVisible();
  await expect(page.getByText("Session ended: its sandbox restarted or went to sleep.")).toBeVisible();
  await page.getByRole("tab", { name: "Changes" }).click();
  await expect(changes).toContainText("a.txt");
  await expect(changes).not.toContainText("later.txt", { timeout: 2_000 });
  await page.getByRole("tab", { name: "OpenCode" }).click();
  await expect(frame.getByText("echo made-$((40 + 2))").first()).toBeVisible();
  await expect(frame.getByText("echo done-$((50 + 2))")).toHaveCount(0);
});

test("a new thread goes on from an answer with the files, the session and the talk of then, and the other one stays as it is", async ({
  workspace,
}, testInfo) => {
  const { page } = workspace;
  await beginSaved(workspace, "$ echo one > a.txt; echo made-$((40 + 2))");
  await workspace.send("$ echo two > a.txt; echo done-$((50 + 2))");
  await workspace.waitForOutput("done-52");
  await workspace.waitUntilAnswered();
  const first = page.url();
  const answer = workspace.conversation.getByRole("article", { name: "Assistant" }).first();
  await answer.hover();
  await page.screenshot({ path: testInfo.outputPath("fork-action-light.png") });
  await answer.getByRole("button", { name: "Start a new thread from here" }).click();
  await expect(page).not.toHaveURL(first);
  await expect(page.getByText("This is the new thread.")).toBeVisible();
  await expect(workspace.conversation.getByRole("article")).toHaveCount(2);
  await expect(workspace.conversation).toContainText("made-42");
  await expect(workspace.conversation).not.toContainText("done-52");
  await page.screenshot({ path: testInfo.outputPath("fork-light.png") });
  await workspace.send("$ cat a.txt; echo of-then-$((60 + 2))");
  await workspace.waitForOutput("of-then-62");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("one");
  await expect(workspace.threads.getByRole("link", { name: /^Copy of / })).toBeVisible();
  // OpenCode's own session goes on: it knows what was asked before, and not what came after.
  const view = await openOpenCode(workspace);
  await expect(view.getByText("made-$((40 + 2))").first()).toBeVisible();
  await expect(view.getByText("done-$((50 + 2))")).toHaveCount(0);
  await page.goto(first);
  await expect(workspace.conversation.getByRole("article")).toHaveCount(4);
  await workspace.send("$ cat a.txt; echo of-now-$((70 + 2))");
  await workspace.waitForOutput("of-now-72");
  await workspace.waitUntilAnswered();
  await expect(workspace.newest).toContainText("two");
});

test("a moment whose files aren't saved says so, and leaves no thread behind", async ({ workspace }, testInfo) => {
  const { page } = workspace;
  await beginSaved(workspace, "$ echo one > a.txt; echo made-$((40 + 2))");
  const first = page.url();
  const threads = workspace.threads.getByRole("link");
  const before = await threads.count();
  await page.route("**/api/sandbox/*/offshoots", (route) =>
    route.fulfill({
      status: 404,
      json: {
        error: {
          _tag: "NotFound",
          message: "The files of this moment aren't saved. If it was just now, try again in a moment.",
          retryable: false,
          requestId: "r",
        },
      },
    }),
  );
  await workspace.newest.hover();
  await workspace.newest.getByRole("button", { name: "Start a new thread from here" }).click();
  await expect(page.getByText("The files of this moment aren't saved.")).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("fork-failed-light.png") });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: testInfo.outputPath("fork-failed-390-dark.png") });
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(page).toHaveURL(first);
  await expect(threads).toHaveCount(before);
});
