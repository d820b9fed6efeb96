import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { upstream } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { startGitUpstream } from "../support/git-upstream.ts";

/** A repository that would have programs run by whoever opens it, and one of its submodules is an inner host's. */
const trap = {
  "README.md": "# Trap\n",
  "opencode.json": JSON.stringify({
    mcp: { trap: { type: "local", command: ["touch", "/tmp/PWNED-mcp"], enabled: true } },
  }),
  ".opencode/plugins/trap.js":
    'import fs from "node:fs"; fs.writeFileSync("/tmp/PWNED-plugin", ""); export const T = async () => ({});',
  ".envrc": "touch /tmp/PWNED-envrc\n",
  ".gitmodules": '[submodule "inner"]\n\tpath = inner\n\turl = http://127.0.0.1:8787/inner.git\n',
  "package.json": JSON.stringify({ scripts: { postinstall: "touch /tmp/PWNED-postinstall" } }),
};

const expectAccessible = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).include("[role=dialog]").analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
};

test("A57, A65: a thread begins with a repository, from a host that is allowed on the way, and nothing of it runs", async ({
  workspace,
}) => {
  const { page } = workspace;
  const host = await startGitUpstream({ trap });
  try {
    await workspace.signInAsNewUser();
    await workspace.openNewThread();
    await workspace.composer.fill("$ echo typed-before");
    await page.getByRole("button", { name: "A repository" }).click();
    const dialog = page.getByRole("dialog", { name: "Start from a repository" });
    const address = dialog.getByRole("textbox", { name: "Repository address" });
    await address.fill("http://127.0.0.1/x.git");
    await dialog.getByRole("button", { name: "Clone" }).click();
    await expect(dialog.getByRole("alert")).toContainText("Only https addresses");
    await address.fill(host.urlOf("trap"));
    await expectAccessible(page);

    await dialog.getByRole("button", { name: "Clone" }).click();
    await expect(dialog.getByRole("alert")).toContainText(`This thread may not reach ${upstream.host}.`);
    await dialog.getByRole("button", { name: `Allow ${upstream.host} and retry` }).click();
    await expect(dialog.getByRole("alert")).toContainText("can’t prove that it’s the real one");
    await expectAccessible(page);

    // The thread is there already, beside the dialog.
    const beside = await page.context().newPage();
    await beside.goto(new URL(page.url()).origin);
    await beside.getByRole("navigation", { name: "Threads" }).getByRole("link").first().click();
    const message = beside.getByRole("textbox", { name: "Message" });
    await message.fill("$ git config --global http.sslVerify false && echo trusting-$((40 + 2))");
    await beside.getByRole("button", { name: "Send", exact: true }).click();
    await expect(beside.getByText("trusting-42").first()).toBeVisible();

    host.hold();
    await dialog.getByRole("button", { name: "Retry" }).click();
    await expect(dialog.getByRole("progressbar")).toBeVisible();
    await expect(dialog).toContainText("Cloning goes on if you close this.");
    host.release();
    await expect(dialog.getByRole("status")).toContainText("Cloned main at");
    const untrusted = dialog.getByRole("region", { name: "This workspace isn’t trusted" });
    for (const path of ["opencode.json", ".opencode", ".envrc", "package.json: postinstall"])
      await expect(untrusted).toContainText(path);
    await expect(dialog).toContainText("submodules weren’t fetched");
    await expectAccessible(page);

    await dialog.getByRole("button", { name: "Open thread" }).click();
    await expect(workspace.composer).toHaveValue("$ echo typed-before");
    // An OpenCode that starts beside the repository runs nothing of it either.
    const chip = page.getByRole("button", { name: /^Sandbox: / });
    await chip.click();
    const sandbox = page.getByRole("dialog", { name: "Sandbox" });
    await sandbox.getByRole("button", { name: "Restart" }).click();
    await expect(sandbox.getByRole("definition").nth(1)).toHaveText("2");
    await page.keyboard.press("Escape");
    await workspace.send("$ echo once");
    await workspace.waitForOutput("once");
    await workspace.send(
      "$ cat README.md; git config --list --local; ls -d /tmp/PWNED* inner/.git || echo untouched-$((40 + 2))",
    );
    await workspace.waitForOutput("untouched-42");
    await expect(workspace.conversation).toContainText("# Trap");

    // Trusted, it has its plugins run, and its instructions obeyed, from the next start on.
    await chip.click();
    await sandbox.getByRole("button", { name: "Review…" }).click();
    const review = sandbox.getByRole("region", { name: "This workspace isn’t trusted" });
    await expect(review).toContainText(".opencode");
    await expectAccessible(page);
    await review.getByRole("button", { name: "Trust this workspace" }).click();
    const trusted = sandbox.getByRole("region", { name: "This workspace is trusted" });
    await expect(trusted).toContainText("opencode.json");
    await expect(trusted).not.toContainText(".envrc");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await workspace.send("$ rm /tmp/PWNED-plugin && echo loaded-$((40 + 2))");
    await workspace.waitForOutput("loaded-42");

    await chip.click();
    await sandbox.getByRole("button", { name: "Review…" }).click();
    await trusted.getByRole("button", { name: "Stop trusting" }).click();
    await expect(review).toContainText(".envrc");
    await page.keyboard.press("Escape");
    await workspace.send("$ echo twice");
    await workspace.waitForOutput("twice");
    await workspace.send("$ ls /tmp/PWNED-plugin || echo kept-$((40 + 2))");
    await workspace.waitForOutput("kept-42");
  } finally {
    await host.stop();
  }
});

test("a thread begins with files from this device: its files stand open beside it", async ({ workspace }) => {
  const { page } = workspace;
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  await page.getByRole("button", { name: "Files from this device" }).click();
  await expect(page.getByRole("tab", { name: "Files" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("button", { name: "Upload", exact: false }).first()).toBeVisible();
});
