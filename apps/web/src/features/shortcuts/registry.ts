import type { Combo } from "./combo.ts";

export interface Shortcut {
  readonly combo: Combo;
  /** What it does, as the settings page lists it. */
  readonly label: string;
  /** Also while text is being typed. Keys without a modifier stay with the text, but for Esc. */
  readonly whileTyping: boolean;
}

/** Every shortcut of the page: handlers, tooltips and the list in the settings all read it here. */
export const shortcuts = {
  newThread: { combo: { key: "o", mod: true, shift: true }, label: "New thread", whileTyping: true },
  toggleSidebar: { combo: { key: "b", mod: true }, label: "Toggle sidebar", whileTyping: true },
  openSettings: { combo: { key: ",", mod: true }, label: "Settings", whileTyping: true },
  previousThread: { combo: { key: "ArrowUp", alt: true }, label: "Previous thread", whileTyping: true },
  nextThread: { combo: { key: "ArrowDown", alt: true }, label: "Next thread", whileTyping: true },
  renameThread: { combo: { key: "F2" }, label: "Rename thread", whileTyping: false },
  copyLastAnswer: { combo: { key: "c", mod: true, shift: true }, label: "Copy last answer", whileTyping: true },
  stop: { combo: { key: "Escape" }, label: "Stop", whileTyping: true },
  editLastMessage: { combo: { key: "ArrowUp" }, label: "Edit last message (when the box is empty)", whileTyping: true },
  send: { combo: { key: "Enter", mod: true }, label: "Send", whileTyping: true },
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcuts;

/** Handled by the message box itself, which knows when it is empty. */
export const composerShortcuts: readonly ShortcutId[] = ["editLastMessage", "send"];

export const shortcutIds = Object.keys(shortcuts).filter((id): id is ShortcutId => id in shortcuts);
