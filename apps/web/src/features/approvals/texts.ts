/** What the card of a program that waits for a person says. */
export const approvalTexts = {
  title: (files: number) =>
    `A program wants to change ${files === 1 ? "a file" : `${files.toLocaleString("en")} files`}`,
  unknown: "A program waits for you",
  lead: "It has run on a copy. Nothing is changed yet.",
  until: (left: string) => `Expires in ${left}`,
  kinds: { added: "new", modified: "changed", deleted: "deleted" },
  notText: (before: string | null, after: string | null) =>
    `Not text: ${before === null ? "" : `${before} → `}${after ?? "removed"}`,
  empty: "An empty file",
  changes: "What it would change",
  program: "Program",
  allow: "Allow once",
  always: "Always in this thread",
  deny: "Deny",
  loading: "Loading what it would change…",
  failed: "What it would change can’t be shown right now.",
  retry: "Retry",
  offline: "You’re offline. Decide when you’re back.",
  decideFailed: "That didn’t get through. Try again.",
  reference: (reference: string) => `Reference: ${reference}`,
  ends: {
    applied: "Allowed. The files are changed.",
    failed: "Nothing was changed",
    denied: "Denied. Nothing was changed.",
    expired: "Too late: it was denied already.",
    withdrawn: "The program was stopped before that. Nothing was changed.",
  },
  unasked: "Programs in this thread change files and run commands without asking.",
  askAgain: "Ask again",
  askAgainFailed: "That couldn’t be changed right now.",
} as const;
