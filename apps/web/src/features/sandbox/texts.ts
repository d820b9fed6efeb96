/** The words of the sandbox's chip and of its start. */
export const chipTexts = {
  title: "Sandbox",
  description: "This thread’s computer",
  prefix: "Sandbox: ",
  starting: "Starting your sandbox — usually 5–10 seconds.",
} as const;

/** Each state in a word, and what it means for the person in a sentence. */
export const sandboxStates = {
  none: { label: "No sandbox yet", meaning: "Starts when you send the first message." },
  offline: { label: "Offline", meaning: "You’re offline. Work in the sandbox continues." },
  lost: { label: "Unknown", meaning: "Can’t reach the sandbox service. Work in the sandbox continues." },
  starting: { label: "Starting", meaning: "Usually 5–10 seconds." },
  ready: { label: "Ready", meaning: "Idle." },
  busy: { label: "Working", meaning: "Working on your request." },
  napping: { label: "Napping", meaning: "Resumes at once when you use it." },
  asleep: { label: "Asleep", meaning: "Wakes when you send a message." },
  failed: { label: "Failed", meaning: "Your messages and saved files are safe." },
  destroyed: { label: "Removed", meaning: "Your next message starts a new sandbox with an empty workspace." },
} as const;
