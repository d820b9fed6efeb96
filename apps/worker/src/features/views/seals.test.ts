import { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import { Effect, Exit, Redacted } from "effect";
import { expect, test } from "vitest";
import { deriveViewKeys, type SealKind, sealGrant, unsealGrant, type ViewGrant } from "./seals.ts";

const keysOf = (fill: number) => Effect.runPromise(deriveViewKeys(Redacted.make(new Uint8Array(32).fill(fill))));
const keys = await keysOf(7);
const grant: ViewGrant = {
  threadId: ThreadId.make("thread0000000001"),
  userId: UserId.make("user_a"),
  target: "opencode",
  generation: Generation.make(3),
  epoch: 0,
  label: "label",
  path: "/session",
  id: "id",
  expiresAt: 1_000,
};
type GrantKind = Exclude<SealKind, "link">;
const seal = (kind: GrantKind) => Effect.runPromise(sealGrant(keys, kind, grant));
const opens = async (kind: GrantKind, text: string, { by = keys, now = 999 } = {}) =>
  Exit.isSuccess(await Effect.runPromiseExit(unsealGrant(by, kind, text, now)));

test("a seal gives back what was sealed, and tells nobody without the key whose it is", async () => {
  const text = await seal("ticket");
  expect(await Effect.runPromise(unsealGrant(keys, "ticket", text, 999))).toEqual(grant);
  const parts = text.split(".").map((part) => atob(part.replaceAll("-", "+").replaceAll("_", "/")));
  expect(parts.join()).not.toMatch(/thread0000000001|user_a/);
});

test("a seal is over at its end", async () => {
  expect(await opens("ticket", await seal("ticket"), { now: 1_000 })).toBe(false);
});

test("a ticket is no session, and a session no ticket", async () => {
  expect(await opens("session", await seal("ticket"))).toBe(false);
  expect(await opens("ticket", await seal("session"))).toBe(false);
});

test("what is changed, made up, too long or another installation's does not open", async () => {
  const text = await seal("session");
  const changed = text.replace(/.(?=.{3}$)/, (letter) => (letter === "A" ? "B" : "A"));
  const header = btoa('{"alg":"none"}').replaceAll("=", "");
  for (const bad of ["", "x", changed, `${header}.e30.`, `${header}....`, "a".repeat(100_000)]) {
    expect(await opens("session", bad), bad.slice(0, 40)).toBe(false);
  }
  expect(await opens("session", text, { by: await keysOf(8) })).toBe(false);
});
