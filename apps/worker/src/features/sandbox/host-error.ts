import type { WireError } from "@threadbox/contracts/errors";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Effect, Option, Schema } from "effect";
import { readAnswer } from "./bounded-answer.ts";
import { refusalBytesMax } from "./bounds.ts";
import {
  GenerationOverError,
  PathOutsideWorkspaceError,
  type SandboxError,
  SandboxInterruptedError,
  SandboxNotFoundError,
  SandboxRequestError,
  SandboxStartingError,
  SandboxUnavailableError,
  SnapshotUnusableError,
  VersionConflictError,
} from "./errors.ts";

const decodeWireError = Schema.decodeUnknownOption(Schema.fromJsonString(WireErrorBody));

const retryAfterMsByDefault = 1_000;

/** `Retry-After` in whole seconds, as our hosts send it. */
const retryAfterMsOf = ({ headers }: Response): number => {
  const seconds = Number(headers.get("retry-after") ?? "");
  return Number.isInteger(seconds) && seconds > 0 ? seconds * 1_000 : retryAfterMsByDefault;
};

const toSandboxError = ({ _tag, message }: WireError, response: Response): SandboxError => {
  if (_tag === "NotFound") return new SandboxNotFoundError({ what: "It" });
  if (_tag === "PathRejected") return new PathOutsideWorkspaceError({ reason: message });
  if (_tag === "Conflict") return new GenerationOverError();
  if (_tag === "VersionConflict") return new VersionConflictError({ reason: message });
  if (_tag === "SandboxInterrupted") return new SandboxInterruptedError({ reason: message });
  if (_tag === "SandboxStarting") {
    return new SandboxStartingError({ reason: message, retryAfterMs: retryAfterMsOf(response) });
  }
  if (_tag === "StoreUnavailable") return new SnapshotUnusableError({ reason: message });
  if (_tag === "ValidationError") return new SandboxRequestError({ reason: message });
  if (_tag === "BodyTooLarge" || _tag === "QuotaExceeded") {
    return new SandboxRequestError({ reason: message, bound: _tag });
  }
  return new SandboxUnavailableError({ reason: message, cause: _tag });
};

/** A refusal that cannot be read is still one. */
const unreadable = (status: number) =>
  new SandboxUnavailableError({ reason: "Can't reach the sandbox service.", cause: `refusal with status ${status}` });

/**
 * Tells the sandbox host's own refusals, which it marks, from answers of a program behind a port: those pass through
 * whatever they say.
 */
export const hostErrorOf = Effect.fnUntraced(function* (
  response: Response,
): Effect.fn.Return<SandboxError | null, SandboxUnavailableError> {
  if (!response.headers.has(sandboxHostApi.refusalHeader)) return null;
  return Option.match(decodeWireError(yield* readAnswer(response, refusalBytesMax)), {
    onNone: () => unreadable(response.status),
    onSome: ({ error }) => toSandboxError(error, response),
  });
});
