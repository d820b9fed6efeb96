import { afterEach, expect, test, vi } from "vitest";
import { recall, remember } from "./device-memory.ts";

afterEach(() => vi.unstubAllGlobals());

test("what is remembered is recalled, until it is forgotten", () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  remember("a", "1");
  expect(recall("a")).toBe("1");
  remember("a", null);
  expect(recall("a")).toBeNull();
});

test("storage that refuses is as if nothing were remembered, and ends nothing", () => {
  const refuse = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse, removeItem: refuse });
  remember("a", "1");
  remember("a", null);
  expect(recall("a")).toBeNull();
});
