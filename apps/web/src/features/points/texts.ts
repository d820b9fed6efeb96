import type { PathChange, PointCause } from "@threadbox/contracts/points";

const number = (count: number): string => count.toLocaleString("en");
const files = (count: number): string => `${number(count)} ${count === 1 ? "file" : "files"}`;

/** What the page says of the points that files can be restored to, and of a restore. */
export const pointTexts = {
  list: "History",
  loading: "Loading the history…",
  none: "Nothing is saved yet. The files are saved after each turn, and every few minutes while they’re in use.",
  unsaved: "Files of this computer aren’t saved where it runs, so there’s nothing to restore.",
  offline: "You’re offline. The history shows up when you’re back.",
  failed: "Couldn’t load the history.",
  retry: "Retry",
  more: "Show earlier",
  kept: (days: number, daily: number) =>
    `Every save of the last ${days} days is kept, then the last one of each day for ${daily} days: fewer where they take too much room.`,
  restoreTo: (when: string) => `Restore files to ${when}`,
  restore: "Restore…",
  after: (about: string) => `After “${about}”`,
  causes: {
    turn: "After a turn",
    end: "When the computer had stopped",
    use: "While it was in use",
    stop: "When the machine was told to stop",
    restore: "Before files were restored",
  } satisfies Readonly<Record<PointCause, string>>,
  beginning: "Beginning: no files",
} as const;

const counted = (count: number, one: string, many: string): readonly string[] =>
  count === 0 ? [] : [`${files(count)} ${count === 1 ? one : many}`];

/** What a restore would do, in one sentence. */
export const changesText = (counts: Readonly<Record<PathChange, number>>): string => {
  const parts = [
    ...counted(counts.back, "comes back", "come back"),
    ...counted(counts.changed, "changes back", "change back"),
    ...counted(counts.gone, "goes away", "go away"),
  ];
  if (parts.length === 0) return "The files are the same as then.";
  const last = parts.at(-1) ?? "";
  return `${parts.length === 1 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`}.`;
};

export const restoreTexts = {
  title: "Restore files",
  before: (about: string) => `To how they were before “${about}”.`,
  beforeFiles: "Restore files to before this message",
  toPoint: (when: string) => `To how they were ${when}.`,
  toBeginning: "To how they were in the beginning: there are none.",
  savedAt: (when: string) => `Saved ${when}`,
  comparing: "Comparing the files…",
  compareFailed: "Couldn’t compare the files.",
  retry: "Retry",
  notKept: "Nothing is kept from before this message.",
  paths: "What changes",
  signs: { back: "comes back", changed: "changes back", gone: "goes away" } satisfies Readonly<
    Record<PathChange, string>
  >,
  folded: (count: number) => files(count),
  more: "More paths change than are listed here.",
  conversation: "Take the conversation back, too",
  conversationNote: "It goes on from there. What came after stays as another version.",
  saved: "What’s there now is saved first, so you can undo this.",
  ends: "The computer restarts: terminals and running commands end.",
  endsNow: (commands: string) => `The computer restarts, which ends what runs now: ${commands}.`,
  busy: "The agent is working. Stop it, or wait until it’s done.",
  offline: "You’re offline. Files can be restored when you’re back.",
  cancel: "Cancel",
  close: "Close",
  restore: "Restore files",
  restoring: "Restoring…",
  goesOn: "You can close this; it goes on.",
  done: (when: string | null) => (when === null ? "Files restored" : `Files restored to ${when}`),
  undo: "Undo",
  undoing: "Taking the restore back…",
  undone: "The restore was taken back",
  undoFailed: "Couldn’t take the restore back.",
  restoreFailed: "Couldn’t restore the files; they’re as they were.",
  unknown: "The connection was lost while the files were being restored. Look at the computer’s state above.",
  reference: (reference: string) => `If it keeps happening, tell support ${reference}.`,
} as const;

/** What the page says of a new thread that goes on from a moment of this one. */
export const offshootTexts = {
  fromHere: "Start a new thread from here",
  fromPoint: (when: string) => `Start a new thread from ${when}`,
  starting: "Starting a new thread…",
  done: "This is the new thread. The other one stays as it was.",
  copyOf: (title: string) => `Copy of ${title}`,
  failed: "Couldn’t start a new thread from here. Try again.",
  reference: (reference: string) => `Reference: ${reference}`,
} as const;
