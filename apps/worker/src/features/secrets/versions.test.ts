import { describe, expect, test } from "vitest";
import { nextChangeAt, outdate, revokedWith, type VersionFacts, versionToLease } from "./versions.ts";

const now = 1_000_000;
const version = (number: number, state: VersionFacts["state"], more: Partial<VersionFacts> = {}): VersionFacts => ({
  version: number,
  state,
  overlapUntil: state === "overlap" ? now + 1 : null,
  expiresAt: null,
  ...more,
});

describe("the version that is handed out", () => {
  test.each<[string, number, readonly VersionFacts[], number | null]>([
    ["is the newest active one", 1, [version(1, "active"), version(3, "active"), version(2, "active")], 3],
    ["is the active one before one in overlap", 1, [version(1, "overlap"), version(2, "active")], 2],
    ["is one in overlap where nothing else is left", 1, [version(1, "overlap"), version(2, "destroyed")], 1],
    ["is none whose overlap is over", 1, [version(1, "overlap", { overlapUntil: now })], null],
    ["is none that is revoked or destroyed", 1, [version(1, "revoked"), version(2, "destroyed")], null],
    ["is none below the lowest allowed one", 2, [version(1, "active")], null],
    ["is none that has expired", 1, [version(1, "active", { expiresAt: now })], null],
    ["is one that expires later", 1, [version(1, "active", { expiresAt: now + 1 })], 1],
    ["is none where there is none", 1, [], null],
  ])("%s", (_, minVersion, versions, expected) => {
    expect(versionToLease({ minVersion, versions }, now)).toBe(expected);
  });
});

describe("a version that is followed", () => {
  test("may be used until its overlap is over, or not at all", () => {
    const [until] = outdate([version(1, "revoked"), version(2, "active")], now + 5);
    expect(until).toMatchObject({ version: 2, state: "overlap", overlapUntil: now + 5 });
    expect(outdate([version(2, "active")], null)).toMatchObject([{ version: 2, state: "revoked" }]);
  });

  test("changes by itself when the first overlap is over", () => {
    const versions = [version(1, "overlap", { overlapUntil: 9 }), version(2, "overlap", { overlapUntil: 7 })];
    expect(nextChangeAt(versions)).toBe(7);
    expect(nextChangeAt([version(3, "active")])).toBeNull();
  });
});

test("what is revoked ends whatever is older, and brings nothing back", () => {
  const versions = [version(1, "destroyed"), version(2, "overlap"), version(3, "active"), version(4, "active")];
  expect(revokedWith(versions, 3).map(({ version: number, state }) => [number, state])).toEqual([
    [2, "revoked"],
    [3, "revoked"],
  ]);
});
