import { expect, test } from "vitest";
import { sizeText } from "./size.ts";

test("a size is told in the unit that a reader knows it by", () => {
  expect([0, 1, 999, 1_000, 12_345, 999_499, 999_500, 3_400_000, 4_353_600_000].map(sizeText)).toEqual([
    "0 bytes",
    "1 byte",
    "999 bytes",
    "1 kB",
    "12 kB",
    "999 kB",
    "1.0 MB",
    "3.4 MB",
    "4.4 GB",
  ]);
});
