import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";

/** The sandbox cannot be started or reached now; the same call may succeed later. */
export class SandboxUnavailableError extends Schema.TaggedError<SandboxUnavailableError>()("SandboxUnavailableError", {
  /** One plain sentence that a person may read. */
  reason: Schema.String,
  cause: Schema.optionalKey(Schema.String),
}) {
  readonly wireTag: ErrorTag = "SandboxUnavailable";
  override get message() {
    return this.reason;
  }
}

/** What was saved of the sandbox can't be brought back, now or later; without it the sandbox would start. */
export class SnapshotUnusableError extends Schema.TaggedError<SnapshotUnusableError>()("SnapshotUnusableError", {
  reason: Schema.String,
}) {
  readonly wireTag: ErrorTag = "StoreUnavailable";
  override get message() {
    return this.reason;
  }
}

/** The generation this client belongs to has ended: it was replaced, stopped or lost. Ask for a new client. */
export class SandboxInterruptedError extends Schema.TaggedError<SandboxInterruptedError>()("SandboxInterruptedError", {
  reason: Schema.String,
}) {
  readonly wireTag: ErrorTag = "SandboxInterrupted";
  override get message() {
    return this.reason;
  }
}

/** The sandbox is starting, or waits for a place on its machine; the same call is worth repeating. */
export class SandboxStartingError extends Schema.TaggedError<SandboxStartingError>()("SandboxStartingError", {
  /** One plain sentence that a person may read. */
  reason: Schema.String,
  retryAfterMs: Schema.Number,
}) {
  readonly wireTag: ErrorTag = "SandboxStarting";
  override get message() {
    return this.reason;
  }
}

/** The provider has seen a higher generation of this sandbox than the one it is asked for. */
export class GenerationOverError extends Schema.TaggedError<GenerationOverError>()("GenerationOverError", {}) {
  readonly wireTag: ErrorTag = "SandboxUnavailable";
  override get message() {
    return "The sandbox was started by somebody else in the meantime.";
  }
}

/** No such sandbox, file or port; also the answer where the thread itself may not be used any more. */
export class SandboxNotFoundError extends Schema.TaggedError<SandboxNotFoundError>()("SandboxNotFoundError", {
  what: Schema.String,
}) {
  readonly wireTag: ErrorTag = "NotFound";
  override get message() {
    return `${this.what} does not exist.`;
  }
}

/** A path that leaves the workspace, goes through a link or leads to what is no file. */
export class PathOutsideWorkspaceError extends Schema.TaggedError<PathOutsideWorkspaceError>()(
  "PathOutsideWorkspaceError",
  { reason: Schema.optionalKey(Schema.String) },
) {
  readonly wireTag: ErrorTag = "PathRejected";
  override get message() {
    return this.reason ?? "The path is outside the workspace.";
  }
}

/** A file is not, or not any more, in the state that the caller expects. Nothing has changed. */
export class VersionConflictError extends Schema.TaggedError<VersionConflictError>()("VersionConflictError", {
  reason: Schema.String,
}) {
  readonly wireTag: ErrorTag = "VersionConflict";
  override get message() {
    return this.reason;
  }
}

/** The request itself is refused by the provider (size, shape); repeating it does not help. */
export class SandboxRequestError extends Schema.TaggedError<SandboxRequestError>()("SandboxRequestError", {
  reason: Schema.String,
  /** Where it is a bound that the request goes past. */
  bound: Schema.optionalKey(Schema.Literals(["BodyTooLarge", "QuotaExceeded"])),
}) {
  get wireTag(): ErrorTag {
    return this.bound ?? "ValidationError";
  }
  override get message() {
    return this.reason;
  }
}

/** This provider cannot do it at all; `capabilities` of the provider says so beforehand. */
export class CapabilityUnsupportedError extends Schema.TaggedError<CapabilityUnsupportedError>()(
  "CapabilityUnsupportedError",
  { capability: Schema.String, provider: Schema.String },
) {
  readonly wireTag: ErrorTag = "CapabilityDenied";
  override get message() {
    return `The ${this.provider} sandbox provider has no ${this.capability}.`;
  }
}

/** Nobody waits for this start any more. The lifecycle alone knows it: to everybody else the sandbox is unavailable. */
export class StartGivenUpError extends Schema.TaggedError<StartGivenUpError>()("StartGivenUpError", {}) {
  override get message() {
    return "Asleep: nobody was waiting for it.";
  }
}

/** Every way in which a sandbox call fails. A schema too, so that it can cross the border of a Durable Object. */
export const SandboxError = Schema.Union([
  SandboxUnavailableError,
  SnapshotUnusableError,
  SandboxInterruptedError,
  SandboxStartingError,
  GenerationOverError,
  SandboxNotFoundError,
  PathOutsideWorkspaceError,
  VersionConflictError,
  SandboxRequestError,
  CapabilityUnsupportedError,
]);
export type SandboxError = typeof SandboxError.Type;
