import { createHash, randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { keyService, main } from "../support/addresses.ts";
import { SecretsPage } from "../support/admin.ts";
import { expect, test } from "../support/fixtures.ts";
import { startKeyService } from "../support/key-service.ts";
import { OwnSecretsPage } from "../support/own-secrets.ts";

const newValue = (): string => `own-${randomUUID()}`;
const hashOf = (value: string) => createHash("sha256").update(`${value}\n`).digest("hex");

test("a person adds secrets for the programs of their threads: one goes out with requests to its host alone, one is read; a new value counts at once, a removed one is refused, and nobody else has either", async ({
  workspace,
  otherWorkspace,
}) => {
  const [first, second, read] = [newValue(), newValue(), newValue()];
  const service = await startKeyService();
  const ask = `curl -s -o /dev/null -w 'status-%{http_code}\\n' -H "Authorization: Bearer $PARTNER" ${service.url}`;
  const urls: string[] = [];
  workspace.page.on("request", (request) => urls.push(request.url()));
  try {
    service.take(first);
    await workspace.signInAsNewUser();
    const own = new OwnSecretsPage(workspace.page);
    await own.open();
    await expect(own.section).toContainText("No secrets yet.");
    await own.begin("PARTNER", first);
    await own.dialog.getByLabel("Hosts", { exact: true }).fill("10.0.0.1");
    await own.dialog.getByRole("button", { name: "Save" }).click();
    await expect(own.dialog.getByRole("alert")).toContainText("“10.0.0.1”: That’s an address of a machine.");
    const { violations } = await new AxeBuilder({ page: own.page }).include('[role="dialog"]').analyze();
    expect(violations).toEqual([]);
    await own.dialog.getByLabel("Hosts", { exact: true }).fill(`https://${keyService.host}/`);
    await own.submit("Save");
    await expect(own.row("PARTNER")).toContainText(`In requests to ${keyService.host} · Not used yet`);
    await own.begin("READ_ME", read);
    await own.dialog.getByText("Read it", { exact: true }).click();
    await own.submit("Save");
    await expect(own.row("READ_ME")).toContainText("Read by programs");

    await workspace.openNewThread();
    await workspace.send(`$ echo "$PARTNER" | cut -c1-4; ${ask}; get-secret READ_ME | sha256sum`);
    await workspace.waitForOutput("tbh_");
    await workspace.waitForOutput("status-200");
    await workspace.waitForOutput(hashOf(read));
    await workspace.waitUntilAnswered();
    const thread = workspace.page.url();

    // Another person's programs know nothing of them.
    await otherWorkspace.begin(`$ echo "none:$PARTNER"; get-secret READ_ME; get-secret PARTNER`);
    await otherWorkspace.waitForOutput("get-secret: Secret not found");
    await expect(otherWorkspace.conversation).not.toContainText("tbh_");

    service.take(second);
    await own.open();
    await own.row("PARTNER").getByRole("button", { name: "Replace PARTNER" }).click();
    await own.dialog.getByLabel("Value", { exact: true }).fill(second);
    await own.submit("Replace");
    await expect(own.row("PARTNER")).toContainText("Last used");
    await workspace.page.goto(thread);
    await workspace.send(`$ ${ask.replace("status-", "again-")}`);
    await workspace.waitForOutput("again-200");
    await workspace.waitUntilAnswered();

    await own.open();
    for (const name of ["PARTNER", "READ_ME"]) {
      await own
        .row(name)
        .getByRole("button", { name: `Remove ${name}` })
        .click();
      await own.submit("Remove");
      await expect(own.row(name)).toBeHidden();
    }
    const shown = (await own.page.content()) + urls.join();
    await workspace.page.goto(thread);
    await workspace.send(`$ ${ask.replace("status-", "gone-")} || echo refused-$((40 + 2)); get-secret READ_ME`);
    await workspace.waitForOutput("refused-42");
    await workspace.waitForOutput("get-secret: Secret not found");
    for (const value of [first, second, read]) expect(shown).not.toContain(value);
  } finally {
    await service.stop();
  }
});

test("an admin ends a leaked secret of a user's without seeing it: no program gets it any more, its user reads why, and another value takes its place", async ({
  workspace,
  otherWorkspace,
}) => {
  const [leaked, fresh] = [newValue(), newValue()];
  await workspace.signInAsNewUser();
  const own = new OwnSecretsPage(workspace.page);
  await own.open();
  const name = `LEAKED_${randomUUID().slice(0, 8).toUpperCase()}`;
  await own.begin(name, leaked);
  await own.dialog.getByText("Read it", { exact: true }).click();
  await own.submit("Save");
  await workspace.openNewThread();
  const thread = workspace.page.url();
  await workspace.send(`$ get-secret ${name} | sha256sum`);
  await workspace.waitForOutput(hashOf(leaked));
  await workspace.waitUntilAnswered();

  const admin = new SecretsPage(otherWorkspace.page);
  await admin.openAsAdmin(main);
  const row = admin.page.getByRole("table", { name: "Users’ secrets" }).getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("v1 · Active");
  await row.getByRole("button", { name, exact: true }).click();
  await expect(admin.page.getByRole("region", { name: `Blast radius: ${name}` })).toContainText("Sandbox, thread");
  const { violations } = await new AxeBuilder({ page: admin.page }).analyze();
  expect(violations).toEqual([]);
  await row.getByRole("button", { name: `Revoke ${name}` }).click();
  await admin.dialog.getByRole("textbox", { name: "Reason" }).fill("It was in a public log.");
  await admin.dialog.getByRole("button", { name: "Revoke now" }).click();
  await expect(row).toContainText("v1 · Revoked");
  await expect(admin.audit).toContainText("v1 revoked");
  expect(await admin.page.content()).not.toContain(leaked);

  await workspace.send(`$ get-secret ${name}`);
  await workspace.waitForOutput("get-secret: Secret revoked");
  await workspace.waitUntilAnswered();
  await own.open();
  await expect(own.row(name)).toContainText("It was in a public log.");
  await own
    .row(name)
    .getByRole("button", { name: `Replace ${name}` })
    .click();
  await own.dialog.getByLabel("Value", { exact: true }).fill(leaked);
  await own.dialog.getByRole("button", { name: "Replace", exact: true }).click();
  await expect(own.dialog.getByRole("alert")).toContainText("This value has been revoked.");
  await own.dialog.getByLabel("Value", { exact: true }).fill(fresh);
  await own.submit("Replace");
  await expect(own.row(name)).not.toContainText("It was in a public log.");
  await workspace.page.goto(thread);
  await workspace.send(`$ get-secret ${name} | sha256sum`);
  await workspace.waitForOutput(hashOf(fresh));
});
