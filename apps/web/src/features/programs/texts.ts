/** What the list of a thread's programs says. */
export const programsTexts = {
  runs: "Runs",
  none: "No program has run in this thread yet.",
  saved: "Saved programs",
  loading: "Loading programs…",
  failed: "Programs can’t be shown right now.",
  retry: "Retry",
  offline: "You’re offline. Programs show up when you’re back.",
  run: (sequence: number, calls: number) =>
    `Run ${sequence} · ${calls.toLocaleString("en")} tool ${calls === 1 ? "call" : "calls"}`,
  ends: { returned: "returned", failed: "failed" },
  decisions: {
    applied: "allowed",
    failed: "allowed, not done",
    denied: "denied",
    expired: "no answer",
    withdrawn: "stopped",
  },
  save: "Save",
  saveRun: (sequence: number) => `Save the program of run ${sequence}`,
  name: "Name",
  saveDone: "Save program",
  cancel: "Cancel",
  remove: (name: string) => `Delete ${name}`,
  arguments: "Arguments, as JSON",
  argumentsHint: "Passed to the program. Leave empty for none.",
  notJson: "That isn’t valid JSON.",
  runNow: "Run",
  running: "Running…",
  actionFailed: "That didn’t work. Try again.",
  reference: (reference: string) => `Reference: ${reference}`,
  result: "Result",
  whole: (count: number, anchored: number) =>
    `${count.toLocaleString("en")} ${count === 1 ? "receipt" : "receipts"}, checked on this device: an unbroken chain${anchored === 0 ? "" : ", as Activity recorded it"}`,
  chains: {
    broken: (sequence: number) =>
      `The receipt of run ${sequence} doesn’t match the one before it. Somebody changed it.`,
    rewritten: (sequence: number) =>
      `The receipt of run ${sequence} isn’t the one that Activity recorded. Somebody changed it.`,
    missing: (sequence: number) => `Activity recorded run ${sequence}, but its receipt is gone. Somebody removed it.`,
  },
} as const;
