/** The words around a conversation: its messages, its box and what a turn is doing. */
export const chatTexts = {
  conversation: "Conversation",
  jumpToLatest: "Jump to latest",
  you: "You",
  assistant: "Assistant",
  reasoning: "Reasoning",
  actions: "Thread actions",
  archived: "Archived",
  notOffline: "Not available offline.",
} as const;

export const composerTexts = {
  label: "Message",
  placeholder: "Message",
  send: "Send",
  stop: "Stop",
} as const;

export const deliveryTexts = {
  sending: "Sending…",
  waiting: "Waiting for a connection",
  queued: "Queued",
  notSent: "Not sent.",
  retry: "Retry",
  edit: "Edit",
  delete: "Delete",
  copy: "Copy message",
  editMessage: "Edit message",
} as const;

export const turnTexts = {
  retry: "Retry",
  continue: "Continue",
  copy: "Copy answer",
  took: "Took ",
  showChanges: "Show changes",
  stopped: "Stopped",
  stoppedAfter: (took: string) => `Stopped after ${took}`,
  working: "Working…",
  waitingForModel: "Waiting for the model",
  waitingForYou: "Waiting for you",
  retrying: (attempt: number, wait: string | null, reason: string) =>
    `Retrying${wait === null ? "" : ` in ${wait}`} (attempt ${attempt}): ${reason}.`,
  retryingNow: "Retrying…",
  reconnecting: "Reconnecting to the sandbox…",
  stopping: "Stopping…",
  notConnected: "Not connected. Work continues, and shows up here when you’re back.",
} as const;

export const threadProblemTexts = {
  notFound: "Thread not found",
  failed: "Couldn’t open this thread",
  newThread: "New thread",
  reload: "Reload",
} as const;
