import { describe, expect, test } from "vitest";
import { type Combo, comboLabel, matches } from "./combo.ts";
import { composerShortcuts, isSingleKey, shortcutIds, shortcuts } from "./registry.ts";

const press = (combo: Combo, isMac: boolean) => ({
  key: combo.key,
  code: "",
  metaKey: combo.mod === true && isMac,
  ctrlKey: combo.mod === true && !isMac,
  shiftKey: combo.shift === true,
  altKey: combo.alt === true,
});

const newThread = { key: "o", mod: true, shift: true } as const;

const sources = import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true });

describe("the registry of commands", () => {
  test("every command is done by something, and nothing is done that is not registered", () => {
    const handled = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/\buseShortcut\(\s*"(\w+)"/g)].map(([, id]) => id),
    );
    expect([...new Set([...handled, ...composerShortcuts])].toSorted()).toEqual([...shortcutIds].toSorted());
  });

  test.each([true, false])("no two commands share a key (mac: %s)", (isMac) => {
    const withKeys = shortcutIds.flatMap((id) => {
      const { combo } = shortcuts[id];
      return combo === undefined ? [] : [{ id, combo }];
    });
    for (const { id, combo } of withKeys) {
      const hit = withKeys.filter((other) => matches(other.combo, press(combo, isMac), isMac));
      expect(hit.map((other) => other.id)).toEqual([id]);
    }
  });

  test("only Esc, F2 and the message box take a plain key while text is typed", () => {
    const plain = shortcutIds.filter((id) => {
      const { combo, whileTyping } = shortcuts[id];
      return whileTyping === true && combo !== undefined && combo.mod === undefined && combo.alt === undefined;
    });
    expect(plain).toEqual(["renameThread", "stop", "editLastMessage"]);
  });

  test("a single character is a shortcut only where it can be switched off, and never in a text", () => {
    const single = shortcutIds.filter(isSingleKey);
    expect(single).toEqual(["openShortcutsByKey"]);
    expect(single.some((id) => shortcuts[id].whileTyping)).toBe(false);
  });

  test("a letter is found by its place on a layout that prints another", () => {
    const cyrillic = { ...press({ key: "щ", mod: true, shift: true }, true), code: "KeyO" };
    expect(matches(newThread, cyrillic, true)).toBe(true);
  });

  test("a sign is found whether or not the layout needs Shift for it", () => {
    const german = { ...press({ key: "/", mod: true, shift: true }, false), code: "Digit7" };
    expect(matches({ key: "/", mod: true }, german, false)).toBe(true);
  });

  test("keys are named as the keyboard at hand names them", () => {
    expect(comboLabel(newThread, true)).toBe("⌘ ⇧ O");
    expect(comboLabel(newThread, false)).toBe("Ctrl Shift O");
    expect(comboLabel({ key: "ArrowDown", alt: true }, true)).toBe("⌥ ↓");
  });
});
