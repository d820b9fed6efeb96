import type { WouldRun } from "@threadbox/contracts/repository";

export const trustTexts = {
  looking: "Looking at the workspace…",
  unknown: "Can’t look at the workspace right now.",
  untrusted: "This workspace isn’t trusted",
  untrustedLead: "Nothing in it runs by itself. These would, in a tool that trusts it:",
  nothingKept: "Nothing in it would run by itself, or instruct the agent.",
  trust: "Trust this workspace",
  trustNote:
    "If you trust it, OpenCode uses its settings, plugins and skills, and the agent follows its instructions. All of it stays inside this thread’s sandbox.",
  trusted: "This workspace is trusted",
  trustedLead: "OpenCode and the agent use:",
  nothingUsed: "There’s nothing in it yet that OpenCode or the agent would use.",
  distrust: "Stop trusting",
  distrustNote: "OpenCode starts anew when you change this. Running commands stop.",
  changing: "Starting OpenCode anew…",
  retry: "Retry",
  unreachable: "Threadbox can’t be reached right now.",
  unchanged: "That didn’t work. Try again.",
  reference: (reference: string) => `Reference ${reference}.`,
} as const;

export const wouldRunTexts: Readonly<Record<WouldRun["by"], string>> = {
  opencode: "OpenCode, on opening",
  agent: "the agent, as instructions",
  install: "on installing packages",
  git: "git, as hooks",
  shell: "the shell, on entering",
  editor: "an editor, on opening",
};
