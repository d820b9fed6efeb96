import { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import { SecretId, SecretName, type SecretView } from "@threadbox/contracts/secrets";
import { describe, expect, test } from "vitest";
import { holderText, shortId, spreadText, standingOf } from "./standing.ts";

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
});
const holder = (number: number) => ({
  kind: "gateway" as const,
  threadId: ThreadId.make("abcd0123456789wxyz"),
  generation: Generation.make(2),
  version: number,
  at: 0,
});
const secret = (more: Partial<SecretView>): SecretView => ({
  id: SecretId.make("sec_0123456789abcdef"),
  name: SecretName.make("MODEL_API_KEY"),
  scope: { kind: "all" },
  usage: "internal",
  hosts: [],
  minVersion: 1,
  createdAt: 0,
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
    expect(standing).toEqual({ current: 2, newest: 2, state: "active", upToDate: 2, holders: 3 });
    expect(spreadText(standing)).toBe("2/3 acknowledged");
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

  test("one that nobody has asked for says so", () => {
    expect(spreadText(standingOf(secret({ versions: [version(1, "active")] }), now))).toBe("Nobody yet");
  });
});

test("whoever has it is named by what it is and the ends of its thread's id", () => {
  expect(holderText(holder(1))).toBe("Model gateway, thread abcd…wxyz");
  expect(holderText({ ...holder(1), kind: "sandbox" })).toBe("Sandbox of thread abcd…wxyz, start 2");
  expect(shortId("user_1")).toBe("user_1");
});
