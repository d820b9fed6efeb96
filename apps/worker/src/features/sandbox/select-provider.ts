import type { ProviderStates } from "@threadbox/contracts/agents-api";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";

/** What a sandbox is for: `quick-task` is soon over, `development` goes on. */
export type UseCase = "quick-task" | "development";

export interface ProviderWish {
  readonly provider?: SandboxProviderId | undefined;
  readonly useCase?: UseCase | undefined;
}

export interface ProviderGrounds {
  readonly states: ProviderStates;
  /** The installation's own wish, for threads whose user has none. */
  readonly preferred: SandboxProviderId | "auto";
}

/** A refusal is one sentence for people. */
export type SelectedProvider = { readonly provider: SandboxProviderId } | { readonly refusal: string };

const useCases: Readonly<Record<UseCase, SandboxProviderId>> = { "quick-task": "cloudflare", development: "docker" };
const order = ["docker", "cloudflare", "local"] as const satisfies readonly SandboxProviderId[];

const reasonOf = (states: ProviderStates, id: SandboxProviderId): string => {
  const state = states[id];
  return state.available ? "" : state.reason.replace(/\.$/, "");
};

/**
 * Where a sandbox is to run. Whoever names a provider gets that one or is told why not, and never another; what it is for
 * decides next, the installation's wish after that, and then whatever can be had.
 */
export const selectProvider = (
  { provider, useCase }: ProviderWish,
  { states, preferred }: ProviderGrounds,
): SelectedProvider => {
  if (provider !== undefined) {
    return states[provider].available ? { provider } : { refusal: `${reasonOf(states, provider)}.` };
  }
  const wished: readonly SandboxProviderId[] = [
    ...(useCase === undefined ? [] : [useCases[useCase]]),
    ...(preferred === "auto" ? [] : [preferred]),
    ...order,
  ];
  const first = wished.find((id) => states[id].available);
  if (first !== undefined) return { provider: first };
  const reasons = [...new Set(wished.map((id) => reasonOf(states, id)))];
  return { refusal: `No sandbox can be had now. ${reasons.map((reason) => `${reason}.`).join(" ")}` };
};
