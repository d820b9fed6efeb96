import { expect, test } from "vitest";
import { Recent } from "./recent.ts";

test("holds no more than it may, and forgets first what was set longest ago", () => {
  const recent = new Recent<string, number>(2);
  recent.set("a", 1);
  recent.set("b", 2);
  recent.set("a", 3);
  recent.set("c", 4);
  expect(["a", "b", "c"].map((key) => recent.get(key))).toEqual([3, undefined, 4]);
});
