import { describe, expect, test } from "vitest";
import { formsOf, redactPieces, redactText } from "./redact.ts";

const secret = 'sk-canary/"1+2';
const hidden = formsOf(secret);

/** What passes of a body that comes in these pieces. */
const redactedPieces = (pieces: readonly string[], texts: readonly string[] = hidden): readonly string[] => {
  const change = redactPieces(texts);
  if (change === null) return pieces;
  const passed = pieces.map((piece) => change.pass(new TextEncoder().encode(piece)));
  return [...passed, change.rest()].map((bytes) => new TextDecoder("latin1").decode(bytes));
};
/** The same of one text, cut into pieces of that many bytes. */
const redacted = (text: string, size: number): string => {
  const bytes = new TextEncoder().encode(text);
  const change = redactPieces(hidden);
  const passed: number[] = [];
  for (let at = 0; at < bytes.length; at += size) passed.push(...(change?.pass(bytes.slice(at, at + size)) ?? []));
  return new TextDecoder().decode(new Uint8Array([...passed, ...(change?.rest() ?? [])]));
};

describe("an answer that repeats a secret", () => {
  test.each([
    ["as it is", secret],
    ["in an address", encodeURIComponent(secret)],
    ["in JSON", JSON.stringify(secret)],
    ["in base64", btoa(secret)],
    ["in hex", [...secret].map((letter) => letter.charCodeAt(0).toString(16)).join("")],
  ])("%s has stars in its place, wherever its pieces begin, and keeps its length", (_, form) => {
    const text = `before é ${form}${form} sk-can after`;
    for (let size = 1; size <= text.length + 2; size++) {
      const said = redacted(text, size);
      expect(said).toMatch(/^before é ["*=]+ sk-can after$/);
      expect(said).toHaveLength(text.length);
    }
    expect(redactText(text, hidden)).not.toContain("canary");
  });

  test("that begins twice is hidden also where the first beginning was none", () => {
    for (const size of [1, 3, 50]) expect(redacted(`sk-cansk-${secret}`, size)).toBe(`sk-cansk-${"*".repeat(14)}`);
  });

  test("is passed on piece by piece: only what may be its beginning waits", () => {
    expect(redactedPieces(["data: one\n\n", "data: sk-ca", "t\n\n", "sk-"])).toEqual([
      ...["data: one\n\n", "data: ", "sk-cat\n\n", "", "sk-"],
    ]);
  });

  test("is left alone where the text is too short to be told from any other", () => {
    expect(redactedPieces(["ab", "ca", "bc"], ["abc"])).toEqual(["ab", "ca", "bc"]);
  });
});
