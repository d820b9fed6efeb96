import type { SandboxProviderId } from "@threadbox/contracts/sandbox";

export const providerChoiceTexts = {
  runsOn: "Runs on",
  automatic: "Automatic",
  other: "Couldn’t choose where the thread’s computer runs. Try again.",
  reference: (reference: string) => `Reference ${reference}.`,
} as const;

/** Short enough to stand side by side. */
export const placeNames: Readonly<Record<SandboxProviderId, string>> = {
  local: "This computer",
  docker: "Docker",
  cloudflare: "Cloudflare",
};
