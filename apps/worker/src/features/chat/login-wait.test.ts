import { loginLimits } from "@threadbox/contracts/logins";
import { describe, expect, test } from "vitest";
import { verdictOfWait } from "./login-wait.ts";

describe("a turn that waits for a login", () => {
  const facts = { isStopped: false, since: 1_000, now: 1_000 + loginLimits.turnWaitMsMax - 1 };

  test("waits for a day, and has failed then with words", () => {
    expect(verdictOfWait(facts)).toBeNull();
    const { state, error } = verdictOfWait({ ...facts, now: facts.now + 1 }) ?? {};
    expect([state, error?._tag, error?.retryable]).toEqual(["failed", "ReauthRequired", false]);
  });

  test("ends at once where somebody stops it", () => {
    expect(verdictOfWait({ ...facts, isStopped: true })).toEqual({ state: "interrupted" });
  });
});
