import type { SandboxProviderId } from "@threadbox/contracts/sandbox";

/** Where a sandbox runs. */
export const providerNames: Readonly<Record<SandboxProviderId, string>> = {
  local: "This computer (isolated)",
  docker: "Docker on this computer",
  cloudflare: "Cloudflare",
};

/** The words of the sandbox's chip, dialog and notice. */
export const sandboxTexts = {
  restart: "Restart",
  restartNote: "Restarting stops running commands. Files are kept.",
  restartQuestion: "This stops the running turn. Restart anyway?",
  restartAnyway: "Restart and stop",
  cancel: "Cancel",
  project: "Settings and instructions in the workspace count once you trust it.",
  reviewProject: "Review…",
  lastKnown: "Last known",
  runsOn: "Runs on",
  starts: "Starts",
  failed: "The sandbox failed.",
  messagesSafe: "Your messages are safe.",
} as const;
