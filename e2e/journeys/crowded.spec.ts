import { crowded } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { startInstallation } from "../support/start.ts";

let stop = async () => {};

test.beforeAll(async () => {
  stop = await startInstallation(crowded);
});
test.afterAll(() => stop());

test("a start that finds no free sandbox says where it stands in line, and begins once one is free", async ({
  workspace,
}) => {
  await workspace.begin("$ echo first-$((40 + 2)); sleep 3600", crowded);
  await workspace.waitForOutput("first-42");
  await workspace.openNewThread();
  await workspace.send("$ echo second-$((40 + 2))");
  await expect(workspace.conversation).toContainText("Waiting for a free sandbox: next in line.");
  await workspace.page.getByRole("link", { name: /first/ }).click();
  await workspace.page.getByRole("button", { name: "Stop" }).click();
  await workspace.page.getByRole("link", { name: /second/ }).click();
  await workspace.waitForOutput("second-42");
});

test("a computer whose disk is full says so, and leads to what fills it", async ({ workspace }) => {
  await workspace.begin("$ head -c 400M /dev/zero >full.bin; ls", crowded);
  await workspace.waitForOutput("full.bin");
  await workspace.waitUntilAnswered();
  const { page } = workspace;
  await expect(page.getByText("This computer’s disk is full.")).toBeVisible();
  await page.getByRole("button", { name: "Largest files" }).click();
  const largest = page.getByRole("list", { name: "Largest files" });
  await expect(largest).toContainText("full.bin");
});
