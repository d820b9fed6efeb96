import type { ErrorTag, WireError } from "@threadbox/contracts/errors";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Option, Schema } from "effect";
import {
  GenerationOverError,
  PathOutsideWorkspaceError,
  type SandboxError,
  SandboxInterruptedError,
  SandboxNotFoundError,
  SandboxRequestError,
  SandboxStartingError,
  SandboxUnavailableError,
} from "./errors.ts";

const decodeWireError = Schema.decodeUnknownOption(Schema.fromJsonString(WireErrorBody));

/** A host's own refusal is small; anything larger comes from a program inside. */
const refusalBytesMax = 16 * 1024;

const callerMistakes: ReadonlySet<ErrorTag> = new Set(["ValidationError", "BodyTooLarge", "QuotaExceeded"]);

const retryAfterMsByDefault = 1_000;

/** `Retry-After` in whole seconds, as our hosts send it. */
const retryAfterMsOf = ({ headers }: Response): number => {
  const seconds = Number(headers.get("retry-after") ?? "");
  return Number.isInteger(seconds) && seconds > 0 ? seconds * 1_000 : retryAfterMsByDefault;
};

const toSandboxError = ({ _tag, message }: WireError, response: Response): SandboxError => {
  if (_tag === "NotFound") return new SandboxNotFoundError({ what: "It" });
  if (_tag === "PathRejected") return new PathOutsideWorkspaceError();
  if (_tag === "Conflict") return new GenerationOverError();
  if (_tag === "SandboxInterrupted") return new SandboxInterruptedError({ reason: message });
  if (_tag === "SandboxStarting") {
    return new SandboxStartingError({ reason: message, retryAfterMs: retryAfterMsOf(response) });
  }
  if (callerMistakes.has(_tag)) return new SandboxRequestError({ reason: message });
  return new SandboxUnavailableError({ reason: message, cause: _tag });
};

export interface HostAnswer {
  readonly response: Response;
  readonly error: SandboxError | null;
}

/**
 * Tells the sandbox host's own refusals (the wire form of the error table) from answers of a program behind a port,
 * which pass through whatever their status. Hands back a response whose body can still be read.
 */
export const hostErrorOf = async (response: Response): Promise<HostAnswer> => {
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  const length = Number(response.headers.get("content-length") ?? "0");
  if (response.status < 400 || !isJson || length > refusalBytesMax) return { response, error: null };
  const text = await response.text();
  const error = Option.match(decodeWireError(text), {
    onNone: () => null,
    onSome: (body) => toSandboxError(body.error, response),
  });
  return { response: new Response(text, response), error };
};
