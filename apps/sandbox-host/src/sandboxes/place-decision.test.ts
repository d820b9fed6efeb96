import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sandboxName } from "../host.testing.ts";
import { decidePlace, idleAfterMs, type Occupant, type PlaceQuestion, waitingSentence } from "./place-decision.ts";

const names = Array.from({ length: 8 }, () => sandboxName());
const now = 1_000_000;

const occupant = (at: number, over: Partial<Occupant> = {}): Occupant => ({
  name: names[at] ?? sandboxName(),
  isReady: true,
  openUses: 0,
  usedAt: now - idleAfterMs - at,
  ...over,
});

const decide = (max: number, occupants: readonly Occupant[], over: Partial<PlaceQuestion> = {}) =>
  decidePlace({ name: sandboxName(), max, occupants, line: [], now, ...over });

describe("who gets a place", () => {
  test("whoever comes while one is free, and the next generation of whoever has one", () => {
    expect(decide(2, [occupant(0)])).toEqual({ kind: "take" });
    const [name] = names;
    expect(decide(1, [occupant(0, { openUses: 3 })], name === undefined ? {} : { name })).toEqual({ kind: "take" });
  });

  test("whoever comes while one is idle, which then sleeps: the least recently used", () => {
    expect(decide(3, [occupant(0), occupant(2), occupant(1)])).toEqual({ kind: "sleep", name: names[2] });
  });

  test.each([
    ["starts", { isReady: false }],
    ["is in use", { openUses: 1 }],
    ["was in use a moment ago", { usedAt: now - idleAfterMs + 1 }],
  ])("a sandbox that %s is never put to sleep", (_, over) => {
    expect(decide(1, [occupant(0, over)])).toMatchObject({ kind: "wait", ahead: 0 });
  });

  test("those who wait come first, as far as there are places for them", () => {
    const line = names.slice(4, 6);
    expect(decide(2, [occupant(0), occupant(1)], { line })).toMatchObject({ kind: "wait", ahead: 2 });
    expect(decide(3, [occupant(0), occupant(1)], { line })).toMatchObject({ kind: "take" });
  });

  test("it is worth asking again when the next one becomes idle, at the latest after two seconds", () => {
    const soon = occupant(0, { usedAt: now - idleAfterMs + 900 });
    expect(decide(1, [soon])).toMatchObject({ retryAfterSeconds: 1 });
    expect(decide(1, [occupant(0, { usedAt: now })])).toMatchObject({ retryAfterSeconds: 2 });
    expect(decide(1, [occupant(0, { openUses: 1 })])).toMatchObject({ retryAfterSeconds: 2 });
  });

  test("nobody in use loses a place, and there are never more sandboxes than places", () => {
    const anyOccupants = fc.array(
      fc.record({ isReady: fc.boolean(), openUses: fc.nat(1), usedAt: fc.integer({ min: 0, max: now }) }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(anyOccupants, fc.nat(3), fc.integer({ min: 0, max: 4 }), (uses, free, waiting) => {
        const occupants = uses.map((use, at) => occupant(at, use));
        const max = Math.max(occupants.length + free, 1);
        const decision = decide(max, occupants, { line: names.slice(4, 4 + waiting) });
        if (decision.kind === "take") expect(occupants.length).toBeLessThan(max);
        if (decision.kind !== "sleep") return;
        const victim = occupants.find(({ name }) => name === decision.name);
        expect(victim).toMatchObject({ isReady: true, openUses: 0 });
        expect(now - (victim?.usedAt ?? now)).toBeGreaterThanOrEqual(idleAfterMs);
      }),
    );
  });

  test.each([
    [0, "next"],
    [1, "2nd"],
    [2, "3rd"],
    [3, "4th"],
    [10, "11th"],
    [21, "22nd"],
  ])("the sentence for whom %i others come first says: %s in line", (ahead, position) => {
    expect(waitingSentence(ahead)).toBe(`Waiting for a free sandbox: ${position} in line.`);
  });
});
