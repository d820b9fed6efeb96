import { spawnSync } from "node:child_process";
import { withDocker } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { startInstallation } from "../support/start.ts";

/** Why no container of ours can be run here; null where one can. */
const missing = (): string | null => {
  const looked = spawnSync("docker", ["image", "inspect", "threadbox-sandbox"], { encoding: "utf8" });
  if (looked.error !== undefined) return "docker is not installed";
  return looked.status === 0 ? null : looked.stderr.trim() || "no engine answers";
};

const reason = missing();
test.skip(reason !== null, `Docker sandboxes: ${reason}`);

let stop = async () => {};
test.beforeAll(async () => {
  stop = await startInstallation(withDocker);
});
test.afterAll(() => stop());

test("S4.76: who begins a thread chooses where its computer runs, and sees it there", async ({ workspace }) => {
  const { page } = workspace;
  await workspace.signInAsNewUser(withDocker);
  await workspace.openNewThread();
  const choice = page.getByRole("group", { name: "Runs on" });
  await expect(choice.getByRole("radio", { name: "Automatic" })).toBeChecked();
  await expect(choice.getByRole("radio", { name: "Cloudflare" })).toHaveCount(0);
  await choice.getByText("Docker", { exact: true }).click();
  await workspace.composer.fill("$ cat /proc/1/comm; echo made-$((40 + 2))");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await workspace.waitForOutput("made-42");
  await workspace.waitForOutput("tini");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Sandbox: Ready" }).click();
  await expect(page.getByRole("dialog", { name: "Sandbox" })).toContainText("Docker on this computer");
});

test("a thread whose computer nobody chose runs where all of this installation's do", async ({ workspace }) => {
  const { page } = workspace;
  await workspace.begin("$ cat /proc/1/comm; echo made-$((40 + 2))", withDocker);
  await workspace.waitForOutput("made-42");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Sandbox: Ready" }).click();
  await expect(page.getByRole("dialog", { name: "Sandbox" })).toContainText("This computer (isolated)");
});
