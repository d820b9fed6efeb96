import { Schema } from "effect";
import { ThreadId, UserId } from "./ids.ts";
import { SandboxProviderId } from "./sandbox.ts";

/**
 * The routes by which another program makes and uses sandboxes of its own naming: `Authorization: Bearer` with the API
 * token, or with a user's access token for that user's own. Each sandbox is a thread of its user, who sees it like any other;
 * a thread's id names its sandbox too.
 */
export const sandboxApi = {
  createSandbox: { method: "POST", path: "/sandbox" },
  readSandbox: { method: "GET", path: "/sandbox/:id" },
  deleteSandbox: { method: "DELETE", path: "/sandbox/:id" },
  wakeSandbox: { method: "POST", path: "/sandbox/:id/wake" },
  messageSandbox: { method: "POST", path: "/sandbox/:id/message" },
  syncSandbox: { method: "POST", path: "/sandbox/:id/sync" },
} as const;

/** Segments of other routes beside these, and of file routes: no sandbox has such a name. */
export const reservedSandboxIds: ReadonlySet<string> = new Set([
  "opencode",
  "opencode-oauth",
  "check",
  "create",
  "ws",
  "sign",
]);

const isThreadId = Schema.is(ThreadId);

/** What a program may call a sandbox. The shape of thread ids is theirs alone, so that no name ever stands for two. */
export const SandboxId = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/),
  Schema.makeFilter((id: string) => !reservedSandboxIds.has(id.toLowerCase())),
  Schema.makeFilter((id: string) => !isThreadId(id)),
).pipe(Schema.brand("SandboxId"));
export type SandboxId = typeof SandboxId.Type;

/** OpenCode's configuration, for which a sandbox of ours has no use: it is taken, and neither kept nor passed on. */
const ForeignConfig = Schema.Record(Schema.String, Schema.Unknown);

/** Longest name of a repository or branch, in characters. */
const nameLengthMax = 2_000;
const Named = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(nameLengthMax));

export const CreateSandbox = Schema.Struct({
  id: SandboxId,
  /** Needed with the API token; with a user's own token it is that user's or absent. */
  userId: Schema.optionalKey(UserId),
  config: Schema.optionalKey(Schema.NullOr(ForeignConfig)),
  /** Where it is to run; refused once it has run elsewhere. */
  provider: Schema.optionalKey(Schema.NullOr(SandboxProviderId)),
  /** What it is for, where no provider is named: `quick-task` is soon over, `development` goes on. */
  useCase: Schema.optionalKey(Schema.NullOr(Schema.Literals(["quick-task", "development"]))),
  gitUrl: Schema.optionalKey(Schema.NullOr(Named)),
  gitBranch: Schema.optionalKey(Schema.NullOr(Named)),
});

export const MessageSandbox = Schema.Struct({
  message: Schema.String,
  /** The session of the thread; where absent the thread's own goes on, or begins. */
  sessionId: Schema.optionalKey(Schema.NullOr(Named)),
  model: Schema.optionalKey(Schema.NullOr(Schema.Union([Named, Schema.Struct({ providerID: Named, modelID: Named })]))),
  config: Schema.optionalKey(Schema.NullOr(ForeignConfig)),
});

export const sandboxApiLimits = {
  createBytesMax: 65_536,
  /** A message of the longest text, however it is escaped. */
  messageBytesMax: 1_048_576,
  /** So long an answer is waited for; the turn goes on after it. */
  answerWaitMs: 900_000,
} as const;

/** Makes a repeated message the same one: any text that is a message's id. */
export const idempotencyHeader = "idempotency-key";

/** `creating` until it has run once; the others are what a person sees as starting, ready, asleep, ended and failed. */
export type ApiSandboxStatus = "creating" | "starting" | "running" | "sleeping" | "stopped" | "error";

export interface SandboxCreated {
  readonly success: true;
  readonly sandboxId: string;
  readonly status: "running";
}

export interface SandboxInfo {
  readonly id: string;
  readonly userId: string;
  readonly status: ApiSandboxStatus;
  readonly provider: SandboxProviderId;
  readonly opencodeUrl: string;
  readonly threadId: string;
  /** Where a person sees it. */
  readonly threadUrl: string;
  /** Counts its starts; null before the first. */
  readonly generation: number | null;
  readonly reason: string;
}

export interface SandboxApiAnswers {
  readonly createSandbox: SandboxCreated;
  readonly readSandbox: SandboxInfo;
  readonly deleteSandbox: { readonly success: true; readonly sandboxId: string };
  readonly wakeSandbox: SandboxCreated & { readonly wakeMs: number };
  readonly messageSandbox: {
    readonly sessionId: string | null;
    /** The text of the answer. */
    readonly response: string;
    readonly parts: readonly unknown[];
  };
  readonly syncSandbox: {
    readonly success: true;
    readonly sandboxId: string;
    /** What the bucket holds now. */
    readonly files: number;
    readonly bytes: number;
    readonly uploaded: number;
    readonly removed: number;
    /** Links and what is too large are left out. */
    readonly skipped: number;
    readonly durationMs: number;
  };
}
