import type { ModelDescription } from "./model.ts";
import type { ImportedSecrets } from "./operator.ts";
import type { SandboxProjection, SandboxProviderId } from "./sandbox.ts";
import type { Viewer } from "./viewer.ts";

/**
 * The worker's routes for the page. Constants and types only: the worker's router and the page's calls both derive from
 * them, and neither grows by it. Every refusal is a row of the error table, in the shape of a wire error.
 */
export const workerApi = {
  me: { method: "GET", path: "/api/me" },
  model: { method: "GET", path: "/api/model" },
  /** `Authorization: Bearer` with the thread token. With `?files=forgo` saved files that can't be brought back are left aside. */
  restartSandbox: { method: "POST", path: "/api/sandbox/:threadId/restart" },
  /** Ends every view of the user who is signed in. */
  endViews: { method: "DELETE", path: "/api/views" },
  /** A WebSocket; the thread token as the query's `token`. */
  thread: { method: "GET", path: "/agents/chat/:threadId" },
  /** The same carrier; the messages in the shape of the chat SDK. */
  transcript: { method: "GET", path: "/agents/chat/:threadId/get-messages" },
} as const;

/** The worker's routes for operators and for OpenCode in a sandbox. */
export const workerOperations = {
  health: { method: "GET", path: "/health" },
  /** `Authorization: Bearer` with the token of the metrics; Prometheus's text format. */
  readMetrics: { method: "GET", path: "/metrics" },
  adminHealth: { method: "GET", path: "/api/admin/health" },
  completeChat: { method: "POST", path: "/internal/model/v1/chat/completions" },
  /** The same in Anthropic's words. */
  createMessage: { method: "POST", path: "/internal/model/v1/messages" },
  /** In the words of OpenAI's newer API. */
  createResponse: { method: "POST", path: "/internal/model/v1/responses" },
  listModels: { method: "GET", path: "/internal/model/v1/models" },
  /** The sandbox host tells of `SandboxEnds`. */
  hearEnds: { method: "POST", path: "/internal/sandbox-host/ended" },
  /** `Authorization: Bearer` with an operator's token. */
  importSecrets: { method: "POST", path: "/internal/operator/secrets" },
  /** It tells of `SandboxNaps`. */
  hearNaps: { method: "POST", path: "/internal/sandbox-host/naps" },
  /** It asks for a `WarmPlan`. */
  tellWarmPlan: { method: "GET", path: "/internal/sandbox-host/warm-plan" },
  /** Programs in a sandbox ask for secrets. */
  fetchSecrets: { method: "POST", path: "/internal/secrets" },
  fetchSecret: { method: "GET", path: "/api/internal/secrets/:name" },
} as const;

/** The body of each route's good answer, where it is JSON of ours. */
export interface WorkerAnswers {
  readonly me: Viewer;
  readonly model: ModelDescription;
  readonly restartSandbox: SandboxProjection;
  readonly importSecrets: ImportedSecrets;
  readonly health: { readonly status: "ok"; readonly timestamp: string };
  readonly adminHealth: {
    readonly version: string;
    /** Where a thread's sandbox runs when nobody says, if it can be had. */
    readonly sandboxProvider: SandboxProviderId | "auto";
    readonly model: ModelDescription["provider"];
    /** Rows that Convex has not taken yet, and rows that it will not have. */
    readonly outbox: { readonly owed: number; readonly setAside: number };
  };
}

/** The names that a path has with a colon. */
export type PathNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** A path with its names filled in. */
export const fillPath = <const Path extends string>(
  path: Path,
  params: Readonly<Record<PathNames<Path>, string>>,
): string => path.replace(/:(\w+)/g, (_, name: PathNames<Path>) => encodeURIComponent(params[name]));
