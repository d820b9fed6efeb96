export { cloudflareEgressHost } from "./cloudflare-provider.ts";
export { wayOutHandler } from "./cloudflare-start.ts";
export { syncCopy } from "./copies.ts";
export { type AuthorizedSandbox, requireSandbox, type SandboxDoor } from "./door.ts";
export {
  type SandboxError,
  SandboxNotFoundError,
  SandboxRequestError,
  SandboxUnavailableError,
  VersionConflictError,
} from "./errors.ts";
export { type HostDoor, requireHost } from "./host-door.ts";
export type { ReadFile } from "./provider.ts";
export { ProviderChoice, providerChoiceLayer } from "./provider-choice.ts";
export { sandboxProvidersLayer } from "./provider-layer.ts";
export { ProviderProbe, providerProbeLayer } from "./provider-probe.ts";
export { sandboxRoutes } from "./routes.ts";
export { type SandboxClient, Sandboxes } from "./sandbox.ts";
export { SandboxFiles, sandboxFilesLayer, type WorkspaceFiles } from "./sandbox-files.ts";
export { SandboxPoints, sandboxPointsLayer } from "./sandbox-points.ts";
export { sandboxesLayer } from "./sandboxes.ts";
export { type CommonContributor, type StartContributor, StartPlan } from "./start-plan.ts";
export { ThreadSandbox } from "./thread-sandbox.ts";
