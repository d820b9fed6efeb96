import { expect, test } from "vitest";
import { computerTabs } from "./computer-tabs.ts";
import { tabOf } from "./panel-tab.ts";

test("the tab that was in front comes back, and the first one for what this version doesn't have", () => {
  for (const { id } of computerTabs) expect(tabOf(id)).toBe(id);
  expect(tabOf("hologram")).toBe("opencode");
  expect(tabOf(null)).toBe("opencode");
});
