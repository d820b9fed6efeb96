/** A key with its modifiers. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export interface Combo {
  readonly key: string;
  readonly mod?: true;
  readonly shift?: true;
  readonly alt?: true;
}

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly metaKey: boolean;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Letters are compared by what is printed on the key and by where it lies, so that other layouts work too. */
export const matches = (combo: Combo, press: KeyPress, isMac: boolean): boolean => {
  const hasMod = isMac ? press.metaKey : press.ctrlKey;
  const hasForeignMod = isMac ? press.ctrlKey : press.metaKey;
  if (hasForeignMod || hasMod !== (combo.mod ?? false)) return false;
  if (press.altKey !== (combo.alt ?? false)) return false;
  // Which layouts need Shift for a sign such as "/" is nobody's business here.
  const isSign = /^[^a-z0-9]$/i.test(combo.key);
  if (!isSign && press.shiftKey !== (combo.shift ?? false)) return false;
  return press.key.toLowerCase() === combo.key.toLowerCase() || press.code === `Key${combo.key.toUpperCase()}`;
};

const keyNames: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Backspace: "⌫",
  Enter: "Enter",
};

/** For people, keys separated by spaces, e.g. "⌘ ⇧ O". */
export const comboLabel = (combo: Combo, isMac: boolean): string =>
  [
    combo.mod === true ? (isMac ? "⌘" : "Ctrl") : null,
    combo.alt === true ? (isMac ? "⌥" : "Alt") : null,
    combo.shift === true ? (isMac ? "⇧" : "Shift") : null,
    keyNames[combo.key] ?? combo.key.toUpperCase(),
  ]
    .filter((part) => part !== null)
    .join(" ");

/** For `aria-keyshortcuts`. */
export const comboAria = (combo: Combo, isMac: boolean): string =>
  [
    combo.mod === true ? (isMac ? "Meta" : "Control") : null,
    combo.alt === true ? "Alt" : null,
    combo.shift === true ? "Shift" : null,
    combo.key,
  ]
    .filter((part) => part !== null)
    .join("+");
