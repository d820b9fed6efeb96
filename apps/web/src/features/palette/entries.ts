import type { api } from "@threadbox/convex/_generated/api";
import type { FunctionReturnType } from "convex/server";
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
  /** The place in the label that was searched for, the end not included. */
  readonly match?: readonly [start: number, end: number];
  /** A second line: of a message, where it stands. */
  readonly detail?: string;
  readonly keys?: string;
  readonly note?: string;
  readonly run: () => void;
}

export type MessageHit = FunctionReturnType<typeof api.messages.search>["messages"][number];

export interface EntryGroup {
  readonly label: string;
  readonly entries: readonly Entry[];
}

/** Two names for one command need one place in the palette. */
const notListed: readonly ShortcutId[] = ["openPalette", "openShortcutsByKey", ...composerShortcuts];

/** A name, and where it holds what was typed in one piece. */
const named = (label: string, typed: string): Pick<Entry, "label" | "match"> => {
  const wanted = typed.trim().toLowerCase();
  const text = label.toLowerCase();
  // A few letters are longer in lower case; then no place is the same in both.
  const start = wanted === "" || text.length !== label.length ? -1 : text.indexOf(wanted);
  return start < 0 ? { label } : { label, match: [start, start + wanted.length] };
};

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

const messageEntry =
  (open: PaletteSources["open"]) =>
  ({ threadId, messageId, title, isArchived, role, snippet, createdAt }: MessageHit): Entry => ({
    id: messageId,
    label: snippet.text,
    ...(snippet.matchEnd > snippet.matchStart ? { match: [snippet.matchStart, snippet.matchEnd] as const } : {}),
    detail: [threadTitle({ title }), paletteTexts.authors[role], day.format(createdAt)].join(" · "),
    ...(isArchived ? { note: paletteTexts.archived } : {}),
    run: () => open(threadId, messageId),
  });

/** The commands of that section that something on the page does. */
const commandGroup = (section: "thread" | "app", typed: string, canRun: (id: ShortcutId) => boolean): EntryGroup => ({
  label: paletteTexts.sections[section],
  entries: fuzzyMatches(
    shortcutIds.filter((id) => shortcuts[id].section === section && !notListed.includes(id) && canRun(id)),
    (id) => commandLabels[id],
    typed,
  ).map((id) => ({ id, ...named(commandLabels[id], typed), keys: shortcutKeys(id), run: () => void runCommand(id) })),
});

const shownMax = 12;

export interface PaletteSources {
  readonly typed: string;
  /** The newest first. */
  readonly recent: readonly Thread[];
  /** What the server finds, archived threads too. */
  readonly found: readonly Thread[];
  /** What the server finds in messages, the best first. */
  readonly messages: readonly MessageHit[];
  readonly open: (threadId: string, messageId?: string) => void;
  readonly connectChatGpt: () => void;
  readonly canRun?: (id: ShortcutId) => boolean;
}

/** What the palette offers: the thread's commands, then threads, the rest of the commands, and messages. */
export const paletteGroups = ({
  typed,
  recent,
  found,
  messages,
  open,
  connectChatGpt,
  canRun = isHandled,
}: PaletteSources): readonly EntryGroup[] => {
  const near = fuzzyMatches(recent, threadTitle, typed);
  const known = new Set(near.map(({ threadId }) => threadId));
  const threads = [...near, ...found.filter(({ threadId }) => !known.has(threadId))].slice(0, shownMax);
  const ofThread = commandGroup("thread", typed, canRun);
  const connect = fuzzyMatches([paletteTexts.connectChatGpt], (label) => label, typed);
  const { label, entries } = commandGroup("app", typed, canRun);
  const ofApp = {
    label,
    entries: [...entries, ...connect.map((name) => ({ id: "connect", ...named(name, typed), run: connectChatGpt }))],
  };
  const ofMessages = { label: paletteTexts.sections.messages, entries: messages.map(messageEntry(open)) };
  const ofThreads = {
    label: paletteTexts.sections.threads,
    entries: threads.map((thread) => ({
      id: thread.threadId,
      ...named(threadTitle(thread), typed),
      ...(thread.isArchived ? { note: paletteTexts.archived } : {}),
      run: () => open(thread.threadId),
    })),
  };
  return [ofThread, ofThreads, ofApp, ofMessages].filter(({ entries }) => entries.length > 0);
};
