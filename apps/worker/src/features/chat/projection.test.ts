import { describe, expect, test } from "vitest";
import { cutToBytes } from "./projection.ts";

describe("text that is cut to a number of bytes", () => {
  test("stays whole where it fits", () => {
    expect(cutToBytes("héllo", 6)).toBe("héllo");
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("of %i bytes never ends in half a character", (bytesMax) => {
    const cut = cutToBytes("aé€😀z", bytesMax);
    expect("aé€😀z".startsWith(cut)).toBe(true);
    expect(new TextEncoder().encode(cut).length).toBeLessThanOrEqual(bytesMax);
    expect(cut).not.toContain("\ufffd");
  });
});
