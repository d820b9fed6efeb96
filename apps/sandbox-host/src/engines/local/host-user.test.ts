import { expect, test } from "vitest";
import { hostUserOf } from "./host-user.ts";

const everyId = "         0          0 4294967295\n";

test("a sandbox has the same user at every start, and not root", () => {
  const user = hostUserOf("ab12cd00000000000000000000000000", everyId);
  expect(user).toEqual(hostUserOf("ab12cd00000000000000000000000000", everyId));
  expect(user.uid).toBe(0x70000000 + 0xab12cd);
});

test("two sandboxes have different users", () => {
  const one = hostUserOf("00000100000000000000000000000000", everyId);
  expect(one).not.toEqual(hostUserOf("00000200000000000000000000000000", everyId));
});

test("where only sixteen bits of ids are mapped the user is one of them", () => {
  const { uid } = hostUserOf("ffffff00000000000000000000000000", "0 100000 65536\n");
  expect(uid).toBeGreaterThan(60_000);
  expect(uid).toBeLessThan(65_536);
});
