import { expect, test } from "vitest";
import { Tenancy } from "./tenancy.ts";

const tenants = () => {
  const log: string[] = [];
  const tenant = (name: string) => ({
    name,
    move: { in: async () => void log.push(`+${name}`), out: async () => void log.push(`-${name}`) },
  });
  return { log, a: tenant("a"), b: tenant("b") };
};

test("a tenant moves in once, beside the others", async () => {
  const { log, a, b } = tenants();
  const tenancy = new Tenancy({ isAlone: false });
  for (const each of [a, b, a, b]) await tenancy.admit(each);
  expect(log).toEqual(["+a", "+b"]);
  await tenancy.clear();
  expect(log).toEqual(["+a", "+b", "-a", "-b"]);
});

test("where tenants live alone, the other has left before one moves in", async () => {
  const { log, a, b } = tenants();
  const tenancy = new Tenancy({ isAlone: true });
  for (const each of [a, a, b, a]) await tenancy.admit(each);
  expect(log).toEqual(["+a", "-a", "+b", "-b", "+a"]);
});
