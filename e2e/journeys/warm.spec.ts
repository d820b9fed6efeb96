import { warm } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { startInstallation } from "../support/start.ts";

let stop = async () => {};

test.beforeAll(async () => {
  stop = await startInstallation(warm);
});
test.afterAll(() => stop());

const untilReady = () =>
  expect
    .poll(async () => (await (await fetch(`http://127.0.0.1:${warm.env.SANDBOX_HOST_PORT}/v1/health`)).json()).warm, {
      timeout: 120_000,
    })
    .toBe(1);

const counted = async (name: string): Promise<string | undefined> => {
  const answer = await fetch(`${warm.workerUrl}/metrics`, {
    headers: { authorization: `Bearer ${warm.env.METRICS_TOKEN}` },
  });
  return (await answer.text()).split("\n").find((line) => line.startsWith(`{"${name}"}`));
};

test("new threads get computers that were started beforehand, each its own", async ({ workspace }) => {
  const { page } = workspace;
  await untilReady();
  await workspace.begin("$ echo made-$((40 + 2)) >note; get-secret NOTHING; cat note", warm);
  await workspace.waitForOutput("made-42");
  await workspace.waitUntilAnswered();
  expect(await counted("sandbox.warm_hits")).toBe('{"sandbox.warm_hits"} 1');

  await untilReady();
  await workspace.begin("$ ls -A | wc -l; echo second-$((40 + 2))", warm);
  await workspace.waitForOutput("second-42");
  await workspace.waitUntilAnswered();
  await expect(page.getByText("made-42")).toBeHidden();
  expect(await counted("sandbox.warm_hits")).toBe('{"sandbox.warm_hits"} 2');
  expect(await counted("sandbox.warm_misses")).toBe('{"sandbox.warm_misses"} 0');

  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Activity" }).click();
  const rows = page.getByRole("region", { name: "Activity" }).getByRole("listitem");
  await expect(rows.filter({ hasText: "Started in" })).toHaveCount(1);
});
