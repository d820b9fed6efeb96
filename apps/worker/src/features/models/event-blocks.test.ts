import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventBlocks } from "./event-blocks.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes));

describe("events are cut behind whole ones", () => {
  test("bytes that are whole events leave as the same bytes", () => {
    const bytes = bytesOf("data: a\n\ndata: b\r\n\r\n");
    expect(new EventBlocks().take(bytes)?.buffer).toBe(bytes.buffer);
  });

  test.each<[string, readonly string[], readonly (string | null)[], string]>([
    ["an event that goes on", ["data: a\n\nda", "ta: b\n\n"], ["data: a\n\n", "data: b\n\n"], ""],
    ["a blank line that comes later", ["data: a\n", "\n"], [null, "data: a\n\n"], ""],
    ["one that never ends", ["data: a\n", "data: b"], [null, null], "data: a\ndata: b"],
  ])("%s", (_, pieces, blocks, rest) => {
    const cutter = new EventBlocks();
    expect(pieces.map((piece) => textOf(cutter.take(bytesOf(piece))))).toEqual(blocks);
    expect(textOf(cutter.rest())).toBe(rest);
  });

  test("nothing is lost or moved, whatever the pieces are", () => {
    const lines = fc.array(fc.constantFrom("data: Grüße", "\n", "\n\n", "\r\n\r\n", ": c", "🎈"), { maxLength: 30 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 7 }), (text, size) => {
        const whole = bytesOf(text.join(""));
        const cutter = new EventBlocks();
        let seen = "";
        for (let at = 0; at < whole.byteLength; at += size) {
          const block = textOf(cutter.take(whole.slice(at, at + size)));
          if (block !== null) expect(block).toMatch(/\n\r?\n$/);
          seen += block ?? "";
        }
        expect(seen + (textOf(cutter.rest()) ?? "")).toBe(text.join(""));
      }),
    );
  });
});
