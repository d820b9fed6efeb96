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

/** What the program in OpenCode's place sent too much of. */
export const excesses = {
  event: "one event is too long",
  answer: "one answer is too long",
  depth: "what it sent is nested too deeply",
  rate: "it sent faster than it could be read",
  bytes: "it sent too many bytes",
  parts: "there are too many parts",
  length: "the answer is too long",
  time: "it took too long",
} as const;
export type Excess = keyof typeof excesses;

/** What the sandbox sends goes past a bound. The turn ends; asking again leads nowhere. */
export class OpenCodeExcessError extends Schema.TaggedError<OpenCodeExcessError>()("OpenCodeExcessError", {
  excess: Schema.Literals(Object.keys(excesses) as Excess[]),
}) {
  readonly wireTag: ErrorTag = "AnswerIncomplete";
  override get message() {
    return `The turn was stopped because of what its sandbox sent: ${excesses[this.excess]}.`;
  }
}
