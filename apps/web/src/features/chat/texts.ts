interface Summary {
  readonly steps: number;
  readonly failed: number;
  readonly files: number;
}

/** The words around a conversation: its messages, its box and what a turn is doing. */
export const chatTexts = {
  conversation: "Conversation",
  jumpToLatest: "Jump to latest",
  you: "You",
  fromOpenCode: "from OpenCode",
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
  noFiles: "Images and files aren’t supported yet.",
  tooLong: "This message is too long. Shorten it, or put the text in a file.",
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
  summary: ({ steps, failed, files }: Summary) =>
    [
      ...(steps === 0
        ? []
        : [`Ran ${steps} ${steps === 1 ? "step" : "steps"}${failed === 0 ? "" : `, ${failed} failed`}`]),
      ...(files === 0 ? [] : [`${files} ${files === 1 ? "file" : "files"} changed`]),
    ].join(" · "),
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

interface ToolWords {
  readonly doing: string;
  readonly done: string;
  /** What it is done to, in a word. */
  readonly noun: string;
}

/** What a tool does and did, by kind; `other` stands for tools that nobody here knows. */
export const toolWords = {
  command: { doing: "Running", done: "Ran", noun: "command" },
  write: { doing: "Writing", done: "Wrote", noun: "file" },
  edit: { doing: "Editing", done: "Edited", noun: "file" },
  read: { doing: "Reading", done: "Read", noun: "file" },
  search: { doing: "Searching", done: "Searched", noun: "for" },
  find: { doing: "Finding", done: "Found", noun: "files" },
  list: { doing: "Listing", done: "Listed", noun: "folder" },
  web: { doing: "Fetching", done: "Fetched", noun: "page" },
  plan: { doing: "Planning", done: "Updated", noun: "plan" },
  task: { doing: "Working on", done: "Finished", noun: "task" },
  program: { doing: "Running", done: "Ran", noun: "program" },
  other: { doing: "Using", done: "Used", noun: "tool" },
} as const satisfies Record<string, ToolWords>;

export const toolTexts = {
  failed: "Failed",
  timedOut: "Timed out",
  exit: (code: number) => `Exit ${code}`,
  toolFailed: "The tool failed.",
  noOutputYet: "No output yet.",
  noOutput: "No output.",
  copyOutput: "Copy output",
  cut: { start: "Earlier output was cut off.", end: "The rest was cut off." },
  binary: (size: string, isCut: boolean) => `Binary output (${isCut ? "more than " : ""}${size})`,
  download: "Download",
  notConnected: "not connected",
  states: { running: "running", done: "done", failed: "failed", stopped: "stopped" },
  workspace: "workspace",
  thePlan: "the plan",
  aProgram: "a program",
} as const;

export const branchTexts = {
  version: (at: number, count: number) => `Version ${at} of ${count}`,
  previous: "Previous version",
  next: "Next version",
  note: "Files keep the changes of the other version.",
} as const;
