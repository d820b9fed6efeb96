const filesText = (count: number) => (count === 1 ? "a file" : `${count.toLocaleString("en")} files`);
const requestsText = (count: number) => (count === 1 ? "a request" : `${count.toLocaleString("en")} requests`);

const wishText = (files: number, requests: number): string => {
  if (requests === 0) return `change ${filesText(files)}`;
  return files === 0
    ? `send ${requestsText(requests)}`
    : `change ${filesText(files)} and send ${requestsText(requests)}`;
};

/** What the card of a program that waits for a person says. */
export const approvalTexts = {
  title: (files: number, requests: number) => `A program wants to ${wishText(files, requests)}`,
  unknown: "A program is waiting for you",
  lead: (files: number, requests: number) => {
    if (requests === 0) return "It ran on a copy. Nothing has changed yet.";
    return `Nothing has been ${files === 0 ? "" : "changed or "}sent yet. What’s sent can’t be taken back.`;
  },
  headers: "Headers",
  noBody: "No body",
  withSecrets: (names: readonly string[]) =>
    `With ${names.length === 1 ? "the secret" : "the secrets"} ${names.join(", ")}, added on the way out`,
  until: (left: string) => `Expires in ${left}`,
  kinds: { added: "new", modified: "changed", deleted: "deleted" },
  notText: (before: string | null, after: string | null) =>
    `Not text: ${before === null ? "" : `${before} → `}${after ?? "removed"}`,
  empty: "An empty file",
  effects: "What it would do",
  program: "Program",
  allow: "Allow once",
  always: "Always in this thread",
  deny: "Deny",
  loading: "Loading what it would do…",
  failed: "What it would do can’t be shown right now.",
  retry: "Retry",
  offline: "You’re offline. Decide when you’re back.",
  sendFailed: "That didn’t get through. Try again.",
  reference: (reference: string) => `Reference: ${reference}`,
  ends: {
    applied: "Allowed, and done.",
    failed: "It couldn’t be done",
    denied: "Denied. Nothing was changed, and nothing was sent.",
    expired: "Too late: it was denied already.",
    undone: "It was done, and undone since.",
    withdrawn: "The program was stopped before that. Nothing was changed, and nothing was sent.",
  },
  sent: "Sent",
  notSent: "not sent",
  cut: "The rest is left out.",
  undo: "Undo changes",
  undone: "Undone. The files are as they were before.",
  noTrial:
    "This computer can’t try commands on a copy. You can let programs in this thread change files and run commands without asking, then send your message again.",
  letThem: "Don’t ask in this thread",
  letThemDone: "Programs in this thread no longer ask. You can change that under Activity.",
  letThemFailed: "That couldn’t be changed right now.",
  unasked: "Programs in this thread change files and run commands without asking.",
  askAgain: "Ask again",
  askAgainFailed: "That couldn’t be changed right now.",
} as const;
