import { handleRequest } from "./app.ts";

export { CloudflareSandbox, ContainerProxy } from "./cloudflare-sandbox.ts";
export {
  AuditOutbox,
  EgressPolicies,
  JournalOutbox,
  MetricsBook,
  ProgramApprovals,
  ThreadAgent,
  ThreadSandbox,
  UserLogins,
  UserViews,
  Vault,
} from "./durable-objects.ts";

export default { fetch: handleRequest } satisfies ExportedHandler<Env>;
