import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { decodeJwt } from "jose";
import { createThread, signInForAccessToken } from "../support/access.ts";
import { main, modelPort, withModel } from "../support/addresses.ts";
import { SecretsPage } from "../support/admin.ts";
import { expect, test } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";
import { rawRequest } from "../support/raw-request.ts";

const newValue = (): string => `sk-journey-${randomUUID()}`;

test("a model key is rotated while a turn runs: its next call has it, the page proves it, and a revoked key is used by nobody", async ({
  workspace,
  otherWorkspace,
  modelled: { model },
}) => {
  const [first, second] = [newValue(), newValue()];
  const { page, conversation } = workspace;
  model.reply({ kind: "text", text: "Hello." });
  const accessToken = await signInForAccessToken(workspace, withModel);
  await workspace.openNewThread();
  await workspace.send("Say hello.");
  await workspace.waitUntilAnswered();
  const threadId = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  const admin = new SecretsPage(otherWorkspace.page);
  const urls: string[] = [];
  admin.page.on("request", (request) => urls.push(request.url()));
  await admin.openAsAdmin(withModel);
  const key = { name: "MODEL_API_KEY", threadId };
  await admin.add({ ...key, value: first, usage: "The model gateway" });

  const held = heldCommand("echo before-$((40 + 2))", "true", withModel);
  const reply = { kind: "command", command: held.command } as const;
  model.reply(reply);
  await workspace.send("Run it.");
  await workspace.waitForOutput("before-42");
  expect(model.keysSeen()).toEqual([`Bearer ${first}`]);
  await expect(admin.row(key)).toContainText("1/1 acknowledged");

  await admin.rotate(key, second, 2);
  model.reply(reply);
  await held.release();
  await workspace.waitUntilAnswered();
  expect(model.keysSeen()).toEqual([`Bearer ${second}`]);
  await expect(admin.row(key)).toContainText("1/1 acknowledged");
  await admin.row(key).getByRole("button", { name: "MODEL_API_KEY", exact: true }).click();
  const holders = admin.page.getByRole("region", { name: "Who has it: MODEL_API_KEY" });
  await expect(holders).toContainText("Model gateway");
  await expect(holders).toContainText("v2");
  const radius = admin.page.getByRole("region", { name: "Blast radius: MODEL_API_KEY" });
  await expect(radius.getByRole("listitem").first()).toContainText(`Model gateway → 127.0.0.1:${modelPort}`);
  // Down to the message that was being answered.
  await expect(radius.getByRole("listitem").first()).toContainText("message answ…");

  await admin.revoke(key);
  model.reply({ kind: "text", text: "Never said." });
  await workspace.send("Once more.");
  await expect(conversation).toContainText("A key this thread needs no longer works.");
  expect(model.calls().made).toBe(0);
  await expect(admin.audit).toContainText("v2 revoked");
  await expect(admin.audit).toContainText("Verified");
  const saved = admin.page.waitForEvent("download");
  await admin.audit.getByRole("button", { name: "Export CSV" }).click();
  const file = await readFile(await (await saved).path(), "utf8");
  expect(file).toContain(",MODEL_API_KEY,");
  const shown = (await admin.page.content()) + urls.join() + file;
  for (const value of [first, second]) expect(shown).not.toContain(value);

  const headers = { authorization: `Bearer ${accessToken}` };
  expect((await rawRequest(`${withModel.workerUrl}/api/admin/secrets`, { headers })).status).toBe(403);
  await page.goto(`${withModel.appOrigin}/admin`);
  await expect(page.getByRole("heading", { name: "Not allowed" })).toBeVisible();
});

test("a program reads its thread's secret as it is at that moment, and the page shows which version its sandbox has", async ({
  workspace,
  otherWorkspace,
}) => {
  const [first, second] = [newValue(), newValue()];
  const hashOf = (value: string) => createHash("sha256").update(`${value}\n`).digest("hex");
  const threadId = await createThread(await signInForAccessToken(workspace));
  const admin = new SecretsPage(otherWorkspace.page);
  await admin.openAsAdmin(main);
  const secret = { name: "DEPLOY_KEY", threadId };
  await workspace.page.goto(`${main.appOrigin}/t/${threadId}`);
  await workspace.send("$ get-secret DEPLOY_KEY");
  await workspace.waitForOutput("get-secret: Secret not found");

  await admin.add({ ...secret, value: first, usage: "Programs in sandboxes" });
  await workspace.waitUntilAnswered();
  await workspace.send("$ get-secret DEPLOY_KEY | sha256sum");
  await workspace.waitForOutput(hashOf(first));
  await admin.rotate(secret, second, 2);
  await workspace.waitUntilAnswered();
  await workspace.send("$ /root/.openclaw/scripts/get-secret.sh DEPLOY_KEY | sha256sum");
  await workspace.waitForOutput(hashOf(second));

  await expect(admin.row(secret)).toContainText("1/1 acknowledged");
  await admin.row(secret).getByRole("button", { name: "DEPLOY_KEY", exact: true }).click();
  await expect(admin.page.getByRole("region", { name: "Who has it: DEPLOY_KEY" })).toContainText(/Sandbox of.*v2/);

  // What a program read at its start goes with the start; the conversation and its files stay.
  await workspace.waitUntilAnswered();
  await workspace.send("$ echo kept-$((40 + 2)) > kept.txt; echo written-$((40 + 2))");
  await workspace.waitForOutput("written-42");
  await workspace.waitUntilAnswered();
  const token = newValue();
  await admin.add({ name: "CLAWDBOT_GATEWAY_TOKEN", threadId, value: token, usage: "Programs in sandboxes" });
  await admin.restart(threadId);
  await workspace.send(`$ start-gateway sh -c 'cat kept.txt; echo "$CLAWDBOT_GATEWAY_TOKEN" | sha256sum'`);
  await workspace.waitForOutput("Using dynamically fetched gateway token");
  await workspace.waitForOutput("kept-42");
  await workspace.waitForOutput(hashOf(token));
});

test("a secret of one user's is read by programs in that user's threads", async ({ workspace, otherWorkspace }) => {
  const value = newValue();
  const accessToken = await signInForAccessToken(workspace);
  const admin = new SecretsPage(otherWorkspace.page);
  await admin.openAsAdmin(main);
  const secret = { name: "OWN_KEY", userId: decodeJwt(accessToken).sub ?? "" };
  await admin.add({ ...secret, value, usage: "Programs in sandboxes" });
  await workspace.openNewThread();
  await workspace.send("$ get-secret OWN_KEY | sha256sum");
  await workspace.waitForOutput(createHash("sha256").update(`${value}\n`).digest("hex"));
  await admin.revoke(secret);
  await workspace.waitUntilAnswered();
  await workspace.send("$ get-secret OWN_KEY");
  await workspace.waitForOutput("get-secret: Secret revoked");
});
