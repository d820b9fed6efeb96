import type { Combo } from "./combo.ts";

type CommandSection = "thread" | "message" | "app";

interface Command {
  readonly section: CommandSection;
  /** Absent where only the palette leads to it. */
  readonly combo?: Combo;
  /** Also while text is being typed. Keys that write something, or move in a text, stay with the text, but for Esc. */
  readonly whileTyping?: true;
}

/** Every command of the page: handlers, tooltips, the palette and the sheet of shortcuts all read it here. */
const registry = {
  renameThread: { section: "thread", combo: { key: "F2" }, whileTyping: true },
  pinThread: { section: "thread" },
  archiveThread: { section: "thread" },
  deleteThread: {
    section: "thread",
    combo: { key: "Backspace", mod: true, shift: true },
  },
  togglePanel: { section: "thread", combo: { key: "j", mod: true }, whileTyping: true },
  copyLastAnswer: {
    section: "thread",
    combo: { key: "c", mod: true, shift: true },
    whileTyping: true,
  },
  stop: { section: "thread", combo: { key: "Escape" }, whileTyping: true },
  editLastMessage: {
    section: "message",
    combo: { key: "ArrowUp" },
    whileTyping: true,
  },
  send: { section: "message", combo: { key: "Enter", mod: true }, whileTyping: true },
  openPalette: { section: "app", combo: { key: "k", mod: true }, whileTyping: true },
  newThread: { section: "app", combo: { key: "o", mod: true, shift: true }, whileTyping: true },
  previousThread: { section: "app", combo: { key: "ArrowUp", alt: true }, whileTyping: true },
  nextThread: { section: "app", combo: { key: "ArrowDown", alt: true }, whileTyping: true },
  toggleSidebar: { section: "app", combo: { key: "b", mod: true }, whileTyping: true },
  openSettings: { section: "app", combo: { key: ",", mod: true }, whileTyping: true },
  openArchive: { section: "app" },
  openShortcuts: { section: "app", combo: { key: "/", mod: true }, whileTyping: true },
  openShortcutsByKey: { section: "app", combo: { key: "?" } },
  signOut: { section: "app" },
} as const satisfies Record<string, Command>;

export type ShortcutId = keyof typeof registry;

export const shortcuts: Readonly<Record<ShortcutId, Command>> = registry;

/** Handled by the message box itself, which knows when it is empty. */
export const composerShortcuts: readonly ShortcutId[] = ["editLastMessage", "send"];

export const shortcutIds = Object.keys(registry).filter((id): id is ShortcutId => id in registry);

/** A key that writes a character and has no modifier; people who speak to their machine can switch these off. */
export const isSingleKey = (id: ShortcutId): boolean => {
  const { combo } = shortcuts[id];
  return combo !== undefined && combo.key.length === 1 && combo.mod === undefined && combo.alt === undefined;
};
