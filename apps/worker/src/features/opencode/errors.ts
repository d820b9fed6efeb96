import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";

/** OpenCode did not answer in time, or what it answered cannot be read. Whether the call took effect is not known. */
export class OpenCodeSilentError extends Schema.TaggedError<OpenCodeSilentError>()("OpenCodeSilentError", {
  call: Schema.String,
  cause: Schema.optionalKey(Schema.String),
}) {
  readonly wireTag: ErrorTag = "SandboxUnavailable";
  override get message() {
    return "Can't reach the sandbox.";
  }
}

/** OpenCode answered, and refused. */
export class OpenCodeRefusedError extends Schema.TaggedError<OpenCodeRefusedError>()("OpenCodeRefusedError", {
  call: Schema.String,
  status: Schema.Int,
  /** OpenCode's own name for it, e.g. `NotFoundError`. */
  name: Schema.String,
}) {
  readonly wireTag: ErrorTag = "UpstreamError";
  override get message() {
    return "OpenCode refused the request.";
  }
}
