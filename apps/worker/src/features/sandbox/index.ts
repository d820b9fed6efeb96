export { cloudflareEgressHost } from "./cloudflare-provider.ts";
export { requireSandbox, type SandboxDoor } from "./door.ts";
export type { SandboxError } from "./errors.ts";
export { sandboxRoutes } from "./routes.ts";
export { type SandboxClient, Sandboxes } from "./sandbox.ts";
export { sandboxesLayer } from "./sandboxes.ts";
export { ThreadSandbox } from "./thread-sandbox.ts";
