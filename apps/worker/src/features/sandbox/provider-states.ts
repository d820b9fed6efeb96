import type { ProviderState, ProviderStates } from "@threadbox/contracts/agents-api";
import type { CloudflareConfig } from "../../sandboxes-config.ts";

/** In the words in which callers look them up. */
export const notConfigured = {
  docker: "Docker sandboxes not configured",
  cloudflare: "Cloudflare sandboxes not configured",
  local: "Local sandboxes not configured",
} as const;
const noWorkerUrl = "Cloudflare worker URL not configured";

export const without = (reason: string): ProviderState => ({ available: false, reason });

export const noProviders: ProviderStates = {
  docker: without(notConfigured.docker),
  cloudflare: without(notConfigured.cloudflare),
  local: without(notConfigured.local),
};

export const isCloudflareConfigured = ({ enabled, workerUrl }: CloudflareConfig): boolean =>
  enabled && workerUrl !== null;

/** What can be said without asking anybody; `hasContainers`: this worker runs where there are any. */
export const cloudflareState = (config: CloudflareConfig, hasContainers: boolean): ProviderState => {
  if (!config.enabled) return without(notConfigured.cloudflare);
  if (!isCloudflareConfigured(config)) return without(noWorkerUrl);
  return hasContainers ? { available: true } : without("This worker runs where Cloudflare has no containers");
};
