import { UserId } from "@threadbox/contracts/ids";
import { SecretId, SecretName, type SecretVersionView, type SecretView } from "@threadbox/contracts/secrets";
import { describe, expect, test } from "vitest";
import { overlapIn } from "./overlap.ts";
import { failedText, rotationStep, stepsBehind } from "./rotation-step.ts";
import { standingOf } from "./standing.ts";

const version = (number: number, state: SecretVersionView["state"], checked: string | null = null) => ({
  ...{ version: number, state, checked, createdAt: 0, createdBy: UserId.make("user_a"), reason: "Why." },
  ...{
    overlapUntil: null,
    expiresAt: null,
    fingerprint: "00ff",
    endsWhenAcknowledged: false,
    openUses: 0,
    ended: null,
  },
});
const secret = (...versions: SecretVersionView[]): SecretView => ({
  ...{ id: SecretId.make("sec_0123456789abcdef"), name: SecretName.make("KEY"), scope: { kind: "all" } },
  ...{ usage: "env", hosts: [], minVersion: 1, createdAt: 0, probe: null, versions, holders: [] },
});
const step = (of: SecretView, asked: number | null) => rotationStep(of, standingOf(of, 0), asked);

describe("a rotation", () => {
  test("goes from the value to its check, to whoever has the one before, to its end", () => {
    expect(step(secret(version(1, "active")), null)).toBe("value");
    expect(step(secret(version(1, "active")), 2)).toBe("check");
    expect(step(secret(version(2, "checking"), version(1, "active")), 2)).toBe("check");
    expect(step(secret(version(2, "active"), version(1, "overlap")), 2)).toBe("rollout");
    expect(step(secret(version(2, "active"), version(1, "revoked")), 2)).toBe("done");
    expect(["value", "check", "rollout", "done"].map((name) => stepsBehind(name as "value"))).toEqual([0, 1, 2, 4]);
  });

  test("whose value fails its check says what stays in force", () => {
    const failed = secret(version(2, "revoked", "api.test answered 401 in place of 200."), version(1, "active"));
    expect(step(failed, 2)).toBe("failed");
    expect(failedText(failed, standingOf(failed, 0), 2)).toBe(
      "Version 2 failed its check: api.test answered 401 in place of 200. It was rolled back: version 1 stays in force.",
    );
  });

  test("ends the version before when it's chosen", () => {
    expect(overlapIn("when-had")).toEqual({ overlapMinutes: 1_440, endsWhenAcknowledged: true });
    expect(overlapIn("5")).toEqual({ overlapMinutes: 5, endsWhenAcknowledged: false });
  });
});
