import { warm } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { startInstallation } from "../support/start.ts";

let stop = async () => {};

test.beforeAll(async () => {
  stop = await startInstallation(warm);
});
test.afterAll(() => stop());

const readyNow = async (): Promise<unknown> =>
  (await (await fetch(`http://127.0.0.1:${warm.env.SANDBOX_HOST_PORT}/v1/health`)).json()).warm;

const counted = async (name: string): Promise<string | undefined> => {
  const answer = await fetch(`${warm.workerUrl}/metrics`, {
    headers: { authorization: `Bearer ${warm.env.METRICS_TOKEN}` },
  });
  return (await answer.text()).split("\n").find((line) => line.startsWith(`{"${name}"}`));
};

for (const [at, word] of ["first", "second"].entries()) {
  test(`a new thread's computer was started beforehand, and is as empty as any: the ${word}`, async ({ workspace }) => {
    await expect.poll(readyNow, { timeout: 120_000 }).toBe(1);
    await workspace.begin(`$ ls -A; echo ${word} >${word}-$((40 + 2)); ls -A`, warm);
    await workspace.waitForOutput(`${word}-42`);
    await workspace.waitUntilAnswered();
    expect(await counted("sandbox.warm_hits")).toBe(`{"sandbox.warm_hits"} ${at + 1}`);
    expect(await counted("sandbox.warm_misses")).toBe('{"sandbox.warm_misses"} 0');
  });
}
