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
  cut: {
    start: (kept: string) => `Earlier output was cut off. These are the last ${kept}.`,
    end: (kept: string) => `These are the first ${kept}. The rest was cut off.`,
  },
  binary: (size: string, isCut: boolean) => `Binary output (${isCut ? "more than " : ""}${size})`,
  download: "Download",
  whole: "Download all output",
  unkept: "The sandbox doesn’t have all of this output any more.",
  wholeFailed: "Couldn’t download the output. Try again.",
  notConnected: "not connected",
  states: { running: "running", done: "done", failed: "failed", stopped: "stopped" },
  workspace: "workspace",
  thePlan: "the plan",
  aProgram: "a program",
} as const;
