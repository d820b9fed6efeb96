import { Schema } from "effect";
import { describe, expect, test } from "vitest";
import { SandboxName, ThreadId } from "./ids.ts";

describe("thread ids", () => {
  test.each([
    "opencode",
    "check",
    "create",
    "ws",
    "sign",
    "opencode-oauth",
    "a1%2F..%2Fb1",
    "../b1",
    "A".repeat(32),
    "",
  ])("refuse the reserved or malformed word %j", (word) => {
    expect(Schema.is(ThreadId)(word)).toBe(false);
  });

  test("accept a Convex document id", () => {
    expect(Schema.is(ThreadId)("jd7d2w8q6t0f4k9x3m5p1s8v2z6b0c4h")).toBe(true);
  });

  test("a sandbox name is 32 hex digits and nothing else", () => {
    expect(Schema.is(SandboxName)("0".repeat(32))).toBe(true);
    expect(Schema.is(SandboxName)("jd7d2w8q6t0f4k9x3m5p1s8v2z6b0c4h")).toBe(false);
  });
});
