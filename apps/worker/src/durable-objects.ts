import { ThreadAgent as Agent } from "./features/chat/index.ts";
import { ProgramApprovals as Approvals } from "./features/codemode/index.ts";
import { UserLogins as Logins } from "./features/logins/index.ts";
import { ThreadSandbox as Sandbox } from "./features/sandbox/index.ts";
import { Vault as SecretsVault } from "./features/secrets/index.ts";

export { EgressPolicies } from "./features/egress/index.ts";
export { UserViews } from "./features/views/index.ts";

import { AuditOutbox as Audit } from "./platform/audit-outbox.ts";
import { JournalOutbox as JournalEntries } from "./platform/journal-outbox.ts";
import { MetricsBook as Book } from "./platform/metrics/metrics-book.ts";
import { workerLayer } from "./runtime.ts";

/** The classes that the platform makes objects of: each slice's own, with the same services as the routes have. */
export class ThreadAgent extends Agent {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workerLayer(env));
  }
}

export class ThreadSandbox extends Sandbox {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workerLayer(env));
  }
}

export class UserLogins extends Logins {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workerLayer(env));
  }
}

export class ProgramApprovals extends Approvals {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workerLayer(env));
  }
}

export class AuditOutbox extends Audit {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workerLayer(env));
  }
}

export class JournalOutbox extends JournalEntries {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workerLayer(env));
  }
}

export class Vault extends SecretsVault {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workerLayer(env));
  }
}

export class MetricsBook extends Book {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workerLayer(env));
  }
}
