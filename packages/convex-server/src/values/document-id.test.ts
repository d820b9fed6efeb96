import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeDocumentId, encodeDocumentId, newDocumentId } from "./document-id.ts";

describe("document ids", () => {
  test("equal Convex's published vector", () => {
    const internalId = new Uint8Array(16).fill(251);
    for (let index = 1; index < 16; index += 1) internalId[index] = ((internalId[index - 1] ?? 0) * 251) & 0xff;
    expect(encodeDocumentId(1017, internalId)).toBe("z43zp6c3e75gkmz1kfwj6mbbx5sw281h");
  });

  test("of user tables have 32 characters that fit the product's thread ids", () => {
    expect(newDocumentId(10001)).toMatch(/^[0-9a-hjkmnp-tv-z]{32}$/);
  });

  test("decode to what was encoded, for any table and document", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffff_ffff }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (tableNumber, internalId) => {
          expect(decodeDocumentId(encodeDocumentId(tableNumber, internalId))).toEqual({ tableNumber, internalId });
        },
      ),
    );
  });

  test("with one changed character are refused", () => {
    const id = newDocumentId(10001);
    fc.assert(
      fc.property(fc.nat(31), fc.constantFrom(..."0123456789abcdefghjkmnpqrstvwxyzILO"), (position, letter) => {
        fc.pre(id[position] !== letter);
        expect(decodeDocumentId(id.slice(0, position) + letter + id.slice(position + 1))).toBeNull();
      }),
    );
  });

  test("are never found in other text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(decodeDocumentId(text)).toBeNull();
      }),
    );
    expect(decodeDocumentId("sssswsgggggggggsgcsssfafffsffks")).toBeNull();
  });
});
