import type { MenuAction } from "@threadbox/ui/menu";
import { Archive, ArchiveRestore, Pencil, Pin, Trash2 } from "lucide-react";
import { shortcutKeys } from "../shortcuts/index.ts";
import { threadTexts } from "./texts.ts";
import type { Thread } from "./thread.ts";
import type { ThreadCommands } from "./use-thread-commands.ts";

/** The entries of a thread's menu, the same wherever the menu opens. */
export const threadActions = (
  thread: Thread,
  commands: ThreadCommands,
  onRename: () => void,
): readonly MenuAction[] => [
  { label: threadTexts.rename, icon: <Pencil />, shortcut: shortcutKeys("renameThread"), onSelect: onRename },
  thread.isPinned
    ? { label: threadTexts.unpin, icon: <Pin />, onSelect: () => commands.setPinned(thread, false) }
    : { label: threadTexts.pin, icon: <Pin />, onSelect: () => commands.setPinned(thread, true) },
  thread.isArchived
    ? { label: threadTexts.unarchive, icon: <ArchiveRestore />, onSelect: () => commands.setArchived(thread, false) }
    : { label: threadTexts.archive, icon: <Archive />, onSelect: () => commands.setArchived(thread, true) },
  {
    label: threadTexts.delete,
    icon: <Trash2 />,
    tone: "bad",
    startsGroup: true,
    onSelect: () => commands.remove(thread),
  },
];
