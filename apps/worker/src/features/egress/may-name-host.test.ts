import type { CommonPolicy } from "@threadbox/contracts/egress-policy";
import { Effect, Layer } from "effect";
import { expect, test } from "vitest";
import { mayNameHost } from "./may-name-host.ts";
import { Policies } from "./policies.ts";
import { firstPolicy } from "./policy.ts";

const mayName = (host: string, common: Partial<CommonPolicy> = {}) => {
  const unused = () => Effect.die("not used");
  const policies = {
    of: unused,
    setCommon: unused,
    change: unused,
    common: Effect.succeed({ ...firstPolicy, ...common }),
  };
  return Effect.runPromise(mayNameHost(host).pipe(Effect.provide(Layer.succeed(Policies, policies))));
};

test("a user may name a host of their own as far as the admin lets owners add some, and one that all may reach", async () => {
  expect(await mayName("models.example.com")).toBe(true);
  const closed = { canOwnersAdd: false };
  expect(await mayName("models.example.com", closed)).toBe(false);
  expect(await mayName("models.example.com", { ...closed, hosts: ["models.example.com"] })).toBe(true);
  expect(await mayName("models.example.com", { ...closed, mode: "open" })).toBe(true);
});
