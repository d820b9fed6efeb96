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
  {
    label: thread.isPinned ? threadTexts.unpin : threadTexts.pin,
    icon: <Pin />,
    onSelect: () => commands.setPinned(thread, !thread.isPinned),
  },
  {
    label: thread.isArchived ? threadTexts.unarchive : threadTexts.archive,
    icon: thread.isArchived ? <ArchiveRestore /> : <Archive />,
    onSelect: () => commands.setArchived(thread, !thread.isArchived),
  },
  {
    label: threadTexts.delete,
    icon: <Trash2 />,
    tone: "bad",
    startsGroup: true,
    onSelect: () => commands.remove(thread),
  },
];
