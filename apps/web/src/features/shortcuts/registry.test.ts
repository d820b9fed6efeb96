import { describe, expect, test } from "vitest";
import { type Combo, comboLabel, matches } from "./combo.ts";
import { shortcutIds, shortcuts } from "./registry.ts";

const press = (combo: Combo, isMac: boolean) => ({
  key: combo.key,
  code: "",
  metaKey: combo.mod === true && isMac,
  ctrlKey: combo.mod === true && !isMac,
  shiftKey: combo.shift === true,
  altKey: combo.alt === true,
});

describe("the shortcut registry", () => {
  test.each([true, false])("no two shortcuts share a key (mac: %s)", (isMac) => {
    for (const id of shortcutIds) {
      const hit = shortcutIds.filter((other) =>
        matches(shortcuts[other].combo, press(shortcuts[id].combo, isMac), isMac),
      );
      const sharing = hit.filter((other) => other !== id);
      expect(sharing).toEqual([]);
    }
  });

  test("only Esc and the message box take a plain key while text is typed", () => {
    const plain = shortcutIds.filter((id) => {
      const { combo, whileTyping } = shortcuts[id];
      return whileTyping && !("mod" in combo) && !("alt" in combo);
    });
    expect(plain).toEqual(["stop", "editLastMessage"]);
  });

  test("a letter is found by its place on a layout that prints another", () => {
    const cyrillic = { ...press({ key: "щ", mod: true, shift: true }, true), code: "KeyO" };
    expect(matches(shortcuts.newThread.combo, cyrillic, true)).toBe(true);
  });

  test("keys are named as the keyboard at hand names them", () => {
    expect(comboLabel(shortcuts.newThread.combo, true)).toBe("⌘ ⇧ O");
    expect(comboLabel(shortcuts.newThread.combo, false)).toBe("Ctrl Shift O");
    expect(comboLabel(shortcuts.nextThread.combo, true)).toBe("⌥ ↓");
  });
});
