import { ThreadId, UserId } from "@threadbox/contracts/ids";
import { Effect, Redacted } from "effect";
import { expect, test } from "vitest";
import { isOurLabel, type LabelFacts, labelOf } from "./label.ts";
import { deriveViewKeys } from "./seals.ts";

const { label: key } = await Effect.runPromise(deriveViewKeys(Redacted.make(new Uint8Array(32).fill(7))));
const { label: otherKey } = await Effect.runPromise(deriveViewKeys(Redacted.make(new Uint8Array(32).fill(8))));
const facts: LabelFacts = {
  threadId: ThreadId.make("thread0000000001"),
  userId: UserId.make("user_a"),
  target: "opencode",
  epoch: 0,
};
const make = (more: Partial<LabelFacts> = {}) => Effect.runPromise(labelOf(key, { ...facts, ...more }));
const isOurs = (label: string, by = key) => Effect.runPromise(isOurLabel(by, label));

test("the same facts have the same origin, and any other fact has another", async () => {
  const others = [
    { threadId: ThreadId.make("thread0000000002") },
    { userId: UserId.make("user_b") },
    { epoch: 1 },
  ] satisfies Partial<LabelFacts>[];
  expect(await make()).toBe(await make());
  const labels = await Promise.all([make(), ...others.map(make)]);
  expect(new Set(labels).size).toBe(labels.length);
});

test("a label is a DNS label, and holds neither thread nor user", async () => {
  const label = await make();
  expect(label).toMatch(/^[0-9a-f]{50}$/);
  expect(label).not.toContain("thread");
  expect(await isOurs(label)).toBe(true);
});

test("a label that differs in one character, or comes of another key, is not ours", async () => {
  const label = await make();
  for (let at = 0; at < label.length; at++) {
    const changed = `${label.slice(0, at)}${label[at] === "a" ? "b" : "a"}${label.slice(at + 1)}`;
    expect(await isOurs(changed), `character ${at}`).toBe(false);
  }
  for (const made of ["", "opencode", "thread0000000001", label.toUpperCase(), `${label}a`, `x.${label}`]) {
    expect(await isOurs(made), made).toBe(false);
  }
  expect(await isOurs(label, otherKey)).toBe(false);
});
