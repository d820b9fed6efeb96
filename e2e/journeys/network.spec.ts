import { main, upstream } from "../support/addresses.ts";
import { SecretsPage } from "../support/admin.ts";
import { expect, test } from "../support/fixtures.ts";
import { startUpstream } from "../support/upstream.ts";

test("a refused host is allowed from Activity, is reached at once, and is cut off in the middle when it's removed", async ({
  workspace,
}) => {
  const { page } = workspace;
  const far = await startUpstream();
  try {
    // `-p`: through a tunnel, whatever the address begins with.
    await workspace.begin(`$ curl -s -p ${far.url} || echo refused-$((40 + 2))`);
    await workspace.waitForOutput("refused-42");
    await workspace.waitUntilAnswered();

    await page.getByRole("button", { name: "Show computer" }).click();
    await page.getByRole("tab", { name: "Activity" }).click();
    const rows = page.getByRole("region", { name: "Activity" }).getByRole("listitem");
    const refused = rows.filter({ hasText: `Blocked ${upstream.host}` });
    await expect(refused).toContainText("It isn’t on this thread’s list");
    await refused.getByRole("button", { name: `Allow in this thread: ${upstream.host}` }).click();
    await expect(refused).toContainText("Allowed now");
    await expect(rows.filter({ hasText: `You allowed ${upstream.host}` })).toHaveCount(1);

    await workspace.send(`$ curl -s -p ${far.url}`);
    await workspace.waitForOutput("hello-from-upstream");
    await workspace.waitUntilAnswered();
    await workspace.send(`$ curl -sN -p ${far.streamUrl}; echo cut-off-$((40 + 2))`);
    await far.isStreaming;

    await page.getByRole("button", { name: "Network settings" }).click();
    const dialog = page.getByRole("dialog", { name: "Network" });
    await expect(dialog).toContainText("package registries and git hosts");
    await dialog.getByRole("textbox", { name: "Host" }).fill("10.0.0.1");
    await dialog.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(dialog.getByRole("alert")).toContainText("Use the host’s name");
    await dialog.getByRole("button", { name: `Remove ${upstream.host}` }).click();
    await far.hasEnded;
    await expect(dialog).toContainText("No hosts yet.");
    await dialog.getByRole("button", { name: "Done" }).click();
    await workspace.waitForOutput("cut-off-42");
    await expect(refused.getByRole("button", { name: "Allow in this thread" })).toBeVisible();
  } finally {
    await far.stop();
  }
});

test("an admin opens a host to every thread, with what is wrong said before it's saved, and it's reached", async ({
  workspace,
  otherWorkspace,
}) => {
  const admin = new SecretsPage(otherWorkspace.page);
  await admin.openAsAdmin(main);
  const policy = admin.page.getByRole("region", { name: "Network" });
  await expect(policy).toContainText("May add hosts to their threads");
  const change = async (hosts: string) => {
    await policy.getByRole("button", { name: "Change" }).click();
    await admin.dialog.getByRole("textbox", { name: "More hosts" }).fill(hosts);
    await admin.dialog.getByRole("button", { name: "Save" }).click();
  };
  await change("*.opened.example\nhttps://10.0.0.1/");
  await expect(admin.dialog.getByRole("alert")).toContainText("Use the host’s name");
  await admin.dialog.getByRole("textbox", { name: "More hosts" }).fill("*.opened.example");
  await admin.dialog.getByRole("button", { name: "Save" }).click();
  await expect(admin.dialog).toBeHidden();
  await expect(policy).toContainText("*.opened.example");

  // It is let through; nothing is there.
  await workspace.begin("$ curl -s -o /dev/null -w '%{http_connect}\\n' https://host.opened.example/ || true");
  await workspace.waitForOutput("502");
  await change("");
  await expect(admin.dialog).toBeHidden();
  await expect(policy).not.toContainText("*.opened.example");
});
