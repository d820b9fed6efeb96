import { describe, expect, test } from "vitest";
import { fingerprintOf, openValue, SealBrokenError, sealValue } from "./envelope.ts";
import type { MasterKeys } from "./master-keys.ts";

const masterKeys = (...kids: [string, ...string[]]): MasterKeys => ({
  currentKid: kids[0],
  byKid: new Map(kids.map((kid) => [kid, new Uint8Array(32).fill(kid.charCodeAt(0))])),
});
const keys = masterKeys("a");
const binding = { purpose: "secret", scope: "all", name: "MODEL_API_KEY", version: 3 } as const;
const value = "sk-canary-⚿-91";

describe("a sealed value", () => {
  test("opens as what it was, also after another master key has become current", async () => {
    const sealed = await sealValue(keys, binding, value);
    expect(await openValue(keys, binding, sealed)).toBe(value);
    expect(await openValue(masterKeys("b", "a"), binding, sealed)).toBe(value);
    expect(sealed.text).not.toContain("canary");
  });

  test("is another text each time", async () => {
    const texts = await Promise.all(Array.from({ length: 50 }, () => sealValue(keys, binding, value)));
    const parts = texts.map(({ text }) => JSON.parse(text) as Record<string, string>);
    for (const part of ["iv", "ciphertext", "encrypted_key"])
      expect(new Set(parts.map((found) => found[part])).size).toBe(50);
  });

  test("A79: opens for no other scope, name or version", async () => {
    const sealed = await sealValue(keys, binding, value);
    for (const other of [{ purpose: "login" } as const, { scope: "thread:x" }, { name: "OTHER" }, { version: 2 }])
      await expect(openValue(keys, { ...binding, ...other }, sealed)).rejects.toBeInstanceOf(SealBrokenError);
  });

  test("A79: opens under no other master key, whatever the record says", async () => {
    const both = masterKeys("a", "b");
    const sealed = await sealValue(both, binding, value);
    for (const kid of ["b", "c", ""])
      await expect(openValue(both, binding, { ...sealed, kid })).rejects.toBeInstanceOf(SealBrokenError);
    await expect(openValue(masterKeys("b"), binding, sealed)).rejects.toBeInstanceOf(SealBrokenError);
  });

  test("A79: does not open once a letter of it has changed, or it was cut", async () => {
    const sealed = await sealValue(keys, binding, value);
    const parts = JSON.parse(sealed.text) as Record<string, string>;
    for (const [part, text] of Object.entries(parts)) {
      for (let at = 0; at < text.length; at += 5) {
        const changed = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
        const damaged = { ...sealed, text: JSON.stringify({ ...parts, [part]: changed }) };
        await expect(openValue(keys, binding, damaged)).rejects.toBeInstanceOf(SealBrokenError);
      }
      const cut = { ...sealed, text: JSON.stringify({ ...parts, [part]: text.slice(0, -4) }) };
      await expect(openValue(keys, binding, cut)).rejects.toBeInstanceOf(SealBrokenError);
    }
    await expect(openValue(keys, binding, { ...sealed, text: "{" })).rejects.toBeInstanceOf(SealBrokenError);
  });
});

test("a fingerprint is four digits that only the master key leads to", async () => {
  const [here, again, elsewhere] = await Promise.all([
    fingerprintOf(keys, value),
    fingerprintOf(keys, value),
    fingerprintOf(masterKeys("b"), value),
  ]);
  expect(here).toMatch(/^[0-9a-f]{4}$/);
  expect(again).toBe(here);
  expect(elsewhere).not.toBe(here);
});
