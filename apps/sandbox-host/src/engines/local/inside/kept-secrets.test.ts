import { describe, expect, test } from "vitest";
import {
  decideSecret,
  graceMs,
  isTrusted,
  type KeptSecret,
  type SecretAnswer,
  trustedMs,
  withoutOlder,
} from "./kept-secrets.ts";

const kept: KeptSecret = { secretId: "sec_1", value: "two", version: 2, expiresAt: 10 * graceMs, confirmedAt: 0 };
const value = (more: Partial<Extract<SecretAnswer, { kind: "value" }>> = {}): SecretAnswer => ({
  kind: "value",
  secretId: "sec_1",
  value: "three",
  version: 3,
  expiresAt: 10 * graceMs,
  ...more,
});
const refused = (status: number): SecretAnswer => ({ kind: "refused", status, error: "No" });
const unreachable: SecretAnswer = { kind: "unreachable", error: "can't reach the worker" };

describe("a secret that a sandbox keeps", () => {
  test("gives way to every newer value, and to that of another secret of its name", () => {
    expect(decideSecret(kept, value(), 1)).toMatchObject({
      kept: { version: 3, confirmedAt: 1 },
      answer: { value: "three" },
    });
    const other = value({ secretId: "sec_2", version: 1 });
    expect(decideSecret(kept, other, 1)).toMatchObject({ kept: { secretId: "sec_2", version: 1 } });
  });

  test.each([401, 403, 404, 410])("is gone for good after a %i", (status) => {
    expect(decideSecret(kept, refused(status), 1)).toMatchObject({ kept: null, answer: { status, error: "No" } });
  });

  test.each([
    ["nobody answers", unreachable],
    ["the worker fails", refused(500)],
    ["the vault can't be reached", refused(503)],
    ["an answer is empty", value({ value: "" })],
    ["an older version than the one that is known is answered", value({ version: 1 })],
  ])("is handed out while %s, for a quarter of an hour and no longer", (_, answer) => {
    expect(decideSecret(kept, answer, graceMs)).toMatchObject({ kept, answer: { status: 200, value: "two" } });
    expect(decideSecret(kept, answer, graceMs + 1).answer.status).toBeGreaterThanOrEqual(500);
    expect(decideSecret({ ...kept, expiresAt: 5 }, answer, 5).answer.status).toBeGreaterThanOrEqual(500);
  });

  test("stays and isn't handed out where the worker asks for patience", () => {
    expect(decideSecret(kept, refused(429), 1)).toMatchObject({ kept, answer: { status: 429, error: "No" } });
  });

  test("that was never there can't be handed out while nobody answers", () => {
    expect(decideSecret(null, unreachable, 1)).toMatchObject({
      kept: null,
      answer: { status: 502, error: "can't reach the worker" },
    });
  });

  test("is asked for again after five seconds, and is gone below the lowest version that was told", () => {
    expect([isTrusted(kept, trustedMs - 1), isTrusted(kept, trustedMs), isTrusted(null, 0)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(withoutOlder(kept, "sec_1", 3)).toBeNull();
    expect(withoutOlder(kept, "sec_1", 2)).toBe(kept);
    expect(withoutOlder(kept, "sec_2", 9)).toBe(kept);
  });
});
