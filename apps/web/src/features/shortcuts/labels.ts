import type { ShortcutId } from "./registry.ts";

/** What each command is called; only the palette, the sheet and the settings say it. */
export const commandLabels: Readonly<Record<ShortcutId, string>> = {
  renameThread: "Rename thread",
  pinThread: "Pin or unpin thread",
  archiveThread: "Archive or unarchive thread",
  deleteThread: "Delete thread",
  togglePanel: "Show or hide computer",
  copyLastAnswer: "Copy last answer",
  stop: "Stop",
  editLastMessage: "Edit last message (when the box is empty)",
  send: "Send",
  openPalette: "Search and commands",
  newThread: "New thread",
  previousThread: "Previous thread",
  nextThread: "Next thread",
  toggleSidebar: "Toggle sidebar",
  openSettings: "Settings",
  openArchive: "Archived threads",
  openShortcuts: "Keyboard shortcuts",
  openShortcutsByKey: "Keyboard shortcuts (single key)",
  signOut: "Sign out",
};
