import { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import { SecretId, SecretName, type SecretView } from "@threadbox/contracts/secrets";
import { describe, expect, test } from "vitest";
import { dueText, holderText, rolloutText, shortId, spreadText, standingOf } from "./standing.ts";

const now = 1_000;
const version = (
  number: number,
  state: "active" | "overlap" | "revoked" | "destroyed",
  expiresAt: number | null = null,
) => ({
  version: number,
  state,
  createdAt: 0,
  createdBy: UserId.make("user_a"),
  reason: "Why.",
  overlapUntil: null,
  expiresAt,
  fingerprint: "00ff",
  endsWhenAcknowledged: false,
  checked: null,
  openUses: 0,
  ended: null,
});
const holder = (number: number, reach: SecretView["holders"][number]["reach"] = "used") => ({
  kind: "gateway" as const,
  threadId: ThreadId.make("abcd0123456789wxyz"),
  generation: Generation.make(2),
  version: number,
  at: 0,
  reach,
});
const secret = (more: Partial<SecretView>): SecretView => ({
  id: SecretId.make("sec_0123456789abcdef"),
  name: SecretName.make("MODEL_API_KEY"),
  scope: { kind: "all" },
  usage: "internal",
  hosts: [],
  minVersion: 1,
  createdAt: 0,
  probe: null,
  versions: [],
  holders: [],
  ...more,
});

describe("how a secret stands", () => {
  test("a new version counts, and who still has the one before it is counted as well", () => {
    const standing = standingOf(
      secret({ versions: [version(2, "active"), version(1, "overlap")], holders: [holder(2), holder(1), holder(2)] }),
      now,
    );
    expect(standing).toEqual({
      ...{
        current: 2,
        newest: 2,
        state: "active",
        upToDate: 2,
        holders: 3,
        due: null,
        checking: null,
        asleep: 0,
        failed: 0,
      },
      overlapping: version(1, "overlap"),
    });
    expect(spreadText(standing)).toBe("2/3 acknowledged");
  });

  test("who could not be told, and who sleeps, is counted apart", () => {
    const standing = standingOf(
      secret({
        versions: [version(2, "active"), version(1, "overlap")],
        holders: [holder(2, "told"), holder(1, "ended"), holder(1, "ended"), holder(1, "failed"), holder(1)],
      }),
      now,
    );
    expect(spreadText(standing)).toBe("1/5 acknowledged · 2 asleep, will fetch on wake · 1 failed");
    expect(rolloutText(standing)).toBe(
      "1 of 5 have version 2. 1 gets it at the next use. 2 are asleep and fetch it on wake. 1 couldn’t be told. Restart it under Running sandboxes.",
    );
  });

  test("a revoked one is in nobody's hands, whoever had it", () => {
    const standing = standingOf(
      secret({ minVersion: 2, versions: [version(1, "revoked")], holders: [holder(1)] }),
      now,
    );
    expect(standing).toMatchObject({ current: null, state: "revoked", upToDate: 0 });
    expect(spreadText(standing)).toBe("Nobody can use it");
  });

  test("an expired one says so, though nobody revoked it", () => {
    expect(standingOf(secret({ versions: [version(1, "active", now)] }), now)).toMatchObject({
      current: null,
      state: "expired",
    });
  });

  test("a value of ninety days calls for a new one, and one that ends within two weeks says when", () => {
    const days = (count: number) => count * 86_400_000;
    const due = (expiresAt: number | null, at: number) =>
      standingOf(secret({ versions: [version(1, "active", expiresAt)] }), at).due;
    expect(due(null, days(90) - 1)).toBeNull();
    expect(due(null, days(90))).toEqual({ why: "stale", days: 90 });
    expect(due(days(30), days(15))).toBeNull();
    expect(due(days(30), days(16))).toEqual({ why: "expiry", days: 14 });
    expect(due(days(30), days(30))).toBeNull();
    expect(dueText({ why: "expiry", days: 0 })).toBe("Expires today");
    expect(dueText({ why: "expiry", days: 1 })).toBe("Expires in 1 day");
    expect(dueText({ why: "stale", days: 90 })).toBe("Rotate now");
  });

  test("a rotation is told to be through only when everybody has the new version", () => {
    const versions = [version(2, "active"), version(1, "overlap")];
    const told = (...held: number[]) =>
      rolloutText(standingOf(secret({ versions, holders: held.map((number) => holder(number)) }), now));
    expect(told()).toBe("Nobody has asked for it yet. Whoever does gets version 2.");
    expect(told(1, 2)).toBe("1 of 2 have version 2. 1 gets it at the next use.");
    expect(told(2, 2)).toBe("All 2 that have it have version 2.");
    expect(told(2)).toBe("The one that has it has version 2.");
  });

  test("one that nobody has asked for says so", () => {
    expect(spreadText(standingOf(secret({ versions: [version(1, "active")] }), now))).toBe("Nobody yet");
  });
});

test("whoever has it is named by what it is and the ends of its thread's id", () => {
  expect(holderText(holder(1))).toBe("Model gateway, thread abcd…wxyz");
  expect(holderText({ ...holder(1), kind: "sandbox" })).toBe("Sandbox of thread abcd…wxyz, start 2");
  expect(shortId("user_1")).toBe("user_1");
});
