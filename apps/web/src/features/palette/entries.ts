import {
  commandLabels,
  composerShortcuts,
  isHandled,
  runCommand,
  type ShortcutId,
  shortcutIds,
  shortcutKeys,
  shortcuts,
} from "../shortcuts/index.ts";
import { type Thread, threadTitle } from "../threads/index.ts";
import { fuzzyMatches } from "./fuzzy.ts";
import { paletteTexts } from "./texts.ts";

export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  readonly note?: string;
  readonly run: () => void;
}

export interface EntryGroup {
  readonly label: string;
  readonly entries: readonly Entry[];
}

/** Two names for one command need one place in the palette. */
const notListed: readonly ShortcutId[] = ["openPalette", "openShortcutsByKey", ...composerShortcuts];

/** The commands that something on the page does, by section: those of the thread at hand come first. */
const commandGroups = (typed: string, canRun: (id: ShortcutId) => boolean): readonly EntryGroup[] =>
  (["thread", "app"] as const).map((section) => ({
    label: paletteTexts.sections[section],
    entries: fuzzyMatches(
      shortcutIds.filter((id) => shortcuts[id].section === section && !notListed.includes(id) && canRun(id)),
      (id) => commandLabels[id],
      typed,
    ).map((id) => ({ id, label: commandLabels[id], keys: shortcutKeys(id), run: () => void runCommand(id) })),
  }));

const shownMax = 12;

export interface PaletteSources {
  readonly typed: string;
  /** The newest first. */
  readonly recent: readonly Thread[];
  /** What the server finds, archived threads too. */
  readonly found: readonly Thread[];
  readonly open: (threadId: string) => void;
  readonly canRun?: (id: ShortcutId) => boolean;
}

/** What the palette offers: the thread's commands, then threads, then the rest. */
export const paletteGroups = ({
  typed,
  recent,
  found,
  open,
  canRun = isHandled,
}: PaletteSources): readonly EntryGroup[] => {
  const near = fuzzyMatches(recent, threadTitle, typed);
  const known = new Set(near.map(({ threadId }) => threadId));
  const threads = [...near, ...found.filter(({ threadId }) => !known.has(threadId))].slice(0, shownMax);
  const [ofThread, ofApp] = commandGroups(typed, canRun);
  const ofThreads = {
    label: paletteTexts.sections.threads,
    entries: threads.map((thread) => ({
      id: thread.threadId,
      label: threadTitle(thread),
      ...(thread.isArchived ? { note: paletteTexts.archived } : {}),
      run: () => open(thread.threadId),
    })),
  };
  return [ofThread, ofThreads, ofApp].filter(
    (group) => group !== undefined && group.entries.length > 0,
  ) as EntryGroup[];
};
