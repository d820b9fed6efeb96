export { cloudflareEgressHost } from "./cloudflare-provider.ts";
export { requireSandbox, type SandboxDoor } from "./door.ts";
export type { SandboxError } from "./errors.ts";
export { sandboxProviderLayer } from "./provider-layer.ts";
export { sandboxRoutes } from "./routes.ts";
export { type SandboxClient, Sandboxes } from "./sandbox.ts";
export { sandboxesLayer } from "./sandboxes.ts";
export { type StartContributor, StartPlan } from "./start-plan.ts";
export { ThreadSandbox } from "./thread-sandbox.ts";
