import { createHash, randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { keyService, main } from "../support/addresses.ts";
import { SecretsPage } from "../support/admin.ts";
import { expect, test } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";
import { startKeyService } from "../support/key-service.ts";

const newValue = (): string => `key-${randomUUID()}`;
const hashOf = (value: string) => createHash("sha256").update(value).digest("hex");

/** Prints what the program that follows has now, and nothing that is secret. */
const followed = `tail -n 1 followed.txt | node -e 'const { value, version } = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log(version, require("crypto").createHash("sha256").update(value).digest("hex"))'`;

test("a key is rotated with proof: one that its host refuses is rolled back, a good one reaches the program that follows it while another thread's turn runs on, and the old one ends by itself", async ({
  workspace,
  otherWorkspace,
}) => {
  const [first, wrong, second] = [newValue(), newValue(), newValue()];
  const service = await startKeyService();
  try {
    await workspace.begin("$ echo here-$((40 + 2))");
    await workspace.waitForOutput("here-42");
    await workspace.waitUntilAnswered();
    const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1) ?? "";
    const admin = new SecretsPage(otherWorkspace.page);
    await admin.openAsAdmin(main);
    const secret = { name: "PARTNER_KEY", threadId };
    await admin.add({ ...secret, value: first, usage: "Programs in sandboxes", hosts: keyService.host });
    await admin.addCheck(secret, service.url);
    await expect(admin.page.getByText(`GET ${service.url} must answer 200.`)).toBeVisible();

    await workspace.send(
      "$ (get-secret --follow PARTNER_KEY > followed.txt 2>&1 &); until [ -s followed.txt ]; do :; done; echo follows-$((40 + 2))",
    );
    await workspace.waitForOutput("follows-42");
    await workspace.waitUntilAnswered();
    await expect(admin.row(secret)).toContainText("1/1 acknowledged");
    await workspace.openNewThread();
    const held = heldCommand("echo runs-$((40 + 2))", "echo ran-on-$((40 + 2))");
    await workspace.send(held.message);
    await workspace.waitForOutput("runs-42");

    service.take(second);
    await admin.giveValue(secret, wrong);
    await expect(admin.dialog.getByRole("alert")).toContainText(
      `Version 2 failed its check: ${keyService.host} answered 401 in place of 200. It was rolled back: version 1 stays in force.`,
    );
    const { violations } = await new AxeBuilder({ page: admin.page }).include('[role="dialog"]').analyze();
    expect(violations).toEqual([]);
    await admin.page.keyboard.press("Escape");
    await expect(admin.row(secret)).toContainText("v1 · Active");

    await admin.rotate(secret, second, 3);
    await expect(admin.row(secret)).toContainText("1/1 acknowledged");
    await expect(admin.page.getByRole("region", { name: "Who has it: PARTNER_KEY" })).toContainText(
      "Told and acknowledged",
    );
    const radius = admin.page.getByRole("region", { name: "Blast radius: PARTNER_KEY" });
    await expect(radius).toContainText("1 thread and 0 hosts had it.");
    await expect(radius.getByRole("listitem")).toHaveText([/Sandbox, thread .*v3/, /Sandbox, thread .*v1/]);
    const filter = admin.audit.getByRole("searchbox", { name: "Filter the audit" });
    await filter.fill("PARTNER_KEY failed its check");
    await expect(admin.audit.getByRole("row"), "its head, and one").toHaveCount(2);
    await filter.fill("");
    const ended = admin.audit.getByRole("row").filter({ hasText: "Everyone who had it has version 3." });
    await expect(ended).toContainText("v1 revoked");
    await expect(ended).toContainText("The vault");

    await held.release();
    await workspace.waitForOutput("ran-on-42");
    await workspace.waitUntilAnswered();
    await workspace.page.goto(`${main.appOrigin}/t/${threadId}`);
    await workspace.send(`$ ${followed}`);
    await workspace.waitForOutput(`3 ${hashOf(second)}`);
    await workspace.waitUntilAnswered();

    await admin.revoke(secret);
    await workspace.send("$ tail -n 1 followed.txt; get-secret PARTNER_KEY");
    await workspace.waitForOutput("get-secret: Secret revoked");
    const shown = (await admin.page.content()) + (await workspace.page.content());
    for (const value of [first, wrong, second]) expect(shown).not.toContain(value);
  } finally {
    await service.stop();
  }
});
