import { Schema } from "effect";
import { SandboxId } from "./sandbox-api.ts";

/** Routes that AgentPod's callers know beside those of single sandboxes. */
export const agentsApi = {
  listProviders: { method: "GET", path: "/api/v2/agents/providers" },
  hearWebhook: { method: "POST", path: "/api/v2/cloudflare/webhook" },
} as const;

/** Whether sandboxes can be had there now; where not, why. */
export type ProviderState = { readonly available: true } | { readonly available: false; readonly reason: string };

export type ProviderStates = Readonly<Record<"docker" | "cloudflare" | "local", ProviderState>>;

export const webhookHeaders = {
  /** `sha256=` and the hex of an HMAC, with the API token, of the body's timestamp, a dot and the body. */
  signature: "x-agentpod-signature",
} as const;

export const webhookLimits = {
  bytesMax: 65_536,
  /** How far the sender's clock may be from ours, in milliseconds. */
  skewMs: 300_000,
} as const;

/** What a worker with sandboxes tells of them. */
export const AgentEvent = Schema.Struct({
  event: Schema.Literals([
    "sandbox.created",
    "sandbox.started",
    "sandbox.stopped",
    "sandbox.hibernated",
    "sandbox.woken",
    "sandbox.deleted",
    "sandbox.error",
    "session.created",
    "session.message",
    "workspace.synced",
    "workflow.execution.started",
    "workflow.execution.step_completed",
    "workflow.execution.completed",
    "workflow.execution.failed",
  ]),
  /** Only its sandbox is read. */
  data: Schema.Struct({ sandboxId: Schema.optionalKey(SandboxId) }),
  /** As `Date.toISOString` writes it, or in milliseconds since 1970. */
  timestamp: Schema.Union([Schema.String.check(Schema.isMaxLength(40)), Schema.Number]),
});
export type AgentEvent = typeof AgentEvent.Type;

export interface AgentsAnswers {
  readonly listProviders: ProviderStates;
  readonly hearWebhook: { readonly received: true };
}
