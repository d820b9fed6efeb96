import type { SandboxProviderId } from "@threadbox/contracts/sandbox";

/** Where a sandbox runs. */
export const providerNames: Readonly<Record<SandboxProviderId, string>> = {
  local: "This computer (isolated)",
  docker: "Docker on this computer",
  cloudflare: "Cloudflare",
};

/** The words of the sandbox's chip, dialog and notice. */
export const sandboxTexts = {
  title: "Sandbox",
  description: "This thread’s computer",
  prefix: "Sandbox: ",
  restart: "Restart",
  restartNote: "Restarting stops running commands. Files are kept.",
  restartQuestion: "The sandbox is working. Restart anyway?",
  restartAnyway: "Restart now",
  cancel: "Cancel",
  lastKnown: "Last known",
  runsOn: "Runs on",
  starts: "Starts",
  failed: "The sandbox failed.",
  messagesSafe: "Your messages are safe.",
  starting: "Starting your sandbox — usually 5–10 seconds.",
} as const;

/** Each state in a word, and what it means for the person in a sentence. */
export const sandboxStates = {
  none: { label: "No sandbox yet", meaning: "Starts when you send the first message." },
  offline: { label: "Offline", meaning: "You’re offline. Work in the sandbox continues." },
  lost: { label: "Unknown", meaning: "Can’t reach the sandbox service. Work in the sandbox continues." },
  starting: { label: "Starting", meaning: "Usually 5–10 seconds." },
  ready: { label: "Ready", meaning: "Idle. Files are saved." },
  busy: { label: "Working", meaning: "Working on your request." },
  asleep: { label: "Asleep", meaning: "Wakes when you send a message. Files are saved." },
  failed: { label: "Failed", meaning: "Your messages and saved files are safe." },
  destroyed: { label: "Removed", meaning: "Your next message starts a new sandbox with an empty workspace." },
} as const;
