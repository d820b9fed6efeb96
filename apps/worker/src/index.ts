import { handleRequest } from "./app.ts";

export { CloudflareSandbox, ContainerProxy } from "./cloudflare-sandbox.ts";
export { ThreadAgent } from "./features/chat/index.ts";
export { ThreadSandbox } from "./features/sandbox/index.ts";

export default { fetch: handleRequest } satisfies ExportedHandler<Env>;
