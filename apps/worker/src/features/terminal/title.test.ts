import { expect, test } from "vitest";
import { nextTitle } from "./title.ts";

test("a terminal that nobody named has the lowest number that is free", () => {
  expect(nextTitle([])).toBe("Terminal 1");
  expect(nextTitle(["Terminal 2", "server", "Terminal 1"])).toBe("Terminal 3");
  expect(nextTitle(["Terminal 2"])).toBe("Terminal 1");
  expect(nextTitle(["Terminal 99999", "Terminal x", ""])).toBe("Terminal 1");
});
