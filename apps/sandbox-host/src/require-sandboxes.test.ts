import { expect, test } from "vitest";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const refuse = async () => ({ refusal: "bubblewrap is not installed" });
const word = "Sandbox tests cannot run: bubblewrap is not installed";

test("in CI, tests that cannot run fail with the reason", async () => {
  await expect(requireSandboxes(refuse, { isCi: true, tell: () => {} })).rejects.toThrow(word);
});

test("elsewhere they are left out, and the reason is told", async () => {
  const told: string[] = [];
  expect(await requireSandboxes(refuse, { isCi: false, tell: (one) => told.push(one) })).toBeUndefined();
  expect(told).toEqual([word]);
});
