import { expect, test } from "../support/fixtures.ts";
import { killProcess } from "../support/processes.ts";
import { TerminalPane } from "../support/terminal.ts";

test("a shell beside the conversation works on the thread's computer, and outlasts a reload and the worker", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin("$ echo from-the-$((40 + 2)) > shared.txt && cat shared.txt");
  await workspace.waitForOutput("from-the-42");
  const pane = await TerminalPane.open(workspace);
  await pane.run("tr a-z A-Z < shared.txt");
  await expect(pane.screen).toContainText("FROM-THE-42");
  await pane.run("env | grep -c OPENCODE_SERVER_PASSWORD=.");
  await expect(pane.screen).toContainText(/PASSWORD=\.\s*0/);

  await page.reload();
  await expect(pane.screen).toContainText("FROM-THE-42");
  killProcess("worker");
  await pane.run("echo again-$((40 + 2))");
  // Keys that are pressed while nobody listens are gone; the shell is not.
  await expect(async () => {
    await pane.run("echo back-$((40 + 2))");
    await expect(pane.screen).toContainText("back-42", { timeout: 3_000 });
  }).toPass();
  await expect(pane.screen).toContainText("FROM-THE-42");

  await pane.sessions.getByRole("button", { name: "New terminal" }).click();
  await expect(pane.sessions.getByRole("button", { name: "Terminal 2", exact: true })).toHaveAttribute("aria-current");
  await pane.waitUntilOpen();
  await pane.run("cat");
  await page.keyboard.press("Control+C");
  await pane.run("(exit 3); exit");
  await expect(page.getByText("Session ended (exit 3).")).toBeVisible();
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(page.getByText("Session ended (exit 3).")).toHaveCount(0);
  await pane.waitUntilOpen();
  await pane.run("echo anew-$((40 + 2))");
  await expect(pane.screen).toContainText("anew-42");
});

test("a terminal that one page opens, renames and closes is opened, renamed and closed in the other", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  const pane = await TerminalPane.open(workspace);
  const other = await page.context().newPage();
  await other.goto(page.url());
  const [here, there] = [page, other].map((each) => each.getByRole("navigation", { name: "Terminals" }));
  if (here === undefined || there === undefined) throw new Error("there are two pages");
  await other.getByRole("tab", { name: "Terminal" }).click();
  await expect(there.getByRole("button", { name: "Terminal 1", exact: true })).toBeVisible();

  await there.getByRole("button", { name: "New terminal" }).click();
  await expect(here.getByRole("button", { name: "Terminal 2", exact: true })).toBeVisible();
  await pane.waitUntilOpen();
  await pane.run("echo still-$((40 + 2))");
  await expect(pane.screen).toContainText("still-42");
  await there.getByRole("button", { name: "More for Terminal 2" }).click();
  await other.getByRole("menuitem", { name: "Rename" }).click();
  await other.getByRole("textbox", { name: "Name of the terminal" }).fill("build");
  await other.keyboard.press("Enter");
  await expect(here.getByRole("button", { name: "build", exact: true })).toBeVisible();
  await there.getByRole("button", { name: "More for build" }).click();
  await other.getByRole("menuitem", { name: "Close terminal" }).click();
  await expect(here.getByRole("button", { name: "build", exact: true })).toHaveCount(0);
  await expect(pane.screen).toContainText("still-42");
});

test("A71: what a program prints does nothing to the page, however much it is", async ({ workspace }) => {
  const { page } = workspace;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  const pane = await TerminalPane.open(workspace);
  await page.evaluate(() => navigator.clipboard.writeText("mine"));
  const [title, url] = [await page.title(), page.url()];
  const effects: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) effects.push(message.text());
  });
  page.on("dialog", (dialog) => {
    effects.push(dialog.message());
    void dialog.dismiss();
  });
  page.context().on("page", (opened) => effects.push(opened.url()));

  const copied = Buffer.from("stolen").toString("base64");
  // The terminal's answer to the last question it answers ends in R; unread, it would fall among the next keys.
  await pane.run(
    `printf '\\033]0;evil\\007\\033]52;c;${copied}\\007\\033]8;;javascript:alert(1)\\007link\\033]8;;\\007\\033[21t\\033[c\\033[6n\\007\\033[38;2;255;100;0mtrue\\033[0m'; read -rsd R; echo answered-$((40 + 2))`,
  );
  await expect(pane.screen).toContainText("answered-42");
  await pane.run("head -c 10000000 /dev/zero | tr '\\0' x; echo line-$((40 + 2))");
  await expect(pane.screen).toContainText("line-42");
  await pane.run("seq -f 'flood %g' 1000000000");
  await expect(pane.screen).toContainText("flood");
  await page.keyboard.press("Control+C");
  await pane.run("clear; echo calm-$((40 + 2))");
  await expect(pane.screen).toContainText("calm-42");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("mine");
  expect([await page.title(), page.url(), effects]).toEqual([title, url, []]);
});

/** Prints how much memory all programs of the sandbox hold, in MiB. */
const memoryCommand = `awk '{ pages += $2 } END { printf "holds-%d-MiB\\n", pages / 256 }' /proc/[0-9]*/statm`;

test("a flood is held where it comes from: it ends at once, turns are answered beside it, and memory stays flat", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  const pane = await TerminalPane.open(workspace);
  const memoryNow = async () => {
    await workspace.send(`$ ${memoryCommand}`);
    await workspace.waitUntilAnswered();
    await workspace.waitForOutput("-MiB");
    const said = [...(await workspace.conversation.innerText()).matchAll(/holds-(\d+)-MiB/g)];
    return Number(said.at(-1)?.[1]);
  };
  const before = await memoryNow();

  await pane.run("yes");
  await expect(pane.screen).toContainText(/(y\s*){20}/);
  const during = [await memoryNow(), await memoryNow()];
  for (const each of during) expect(each - before).toBeLessThan(96);
  await pane.type("");
  await expect(pane.screen).toContainText(/(y\s*){20}/);

  const pressedAt = Date.now();
  await page.keyboard.press("Control+C");
  await expect(pane.screen).toContainText("^C", { timeout: 3_000 });
  await expect(pane.screen).toContainText(/\$\s*$/, { timeout: 3_000 });
  test.info().annotations.push({
    type: "flood",
    description: `${before} → ${during.join(", ")} MiB; Ctrl-C ${Date.now() - pressedAt} ms`,
  });
  await pane.run("clear; echo calm-$((40 + 2))");
  await expect(pane.screen).toContainText("calm-42", { timeout: 3_000 });
});
