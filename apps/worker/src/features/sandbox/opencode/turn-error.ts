import { type ErrorTag, errorTable, isErrorTag } from "@threadbox/contracts/errors";
import type { TurnError } from "@threadbox/contracts/turn";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Option, Schema } from "effect";
import type { OpenCodeFault } from "./wire.ts";

/** How a turn's failure is told: a tag of the table, and a sentence in which what the model said may stand. */
export const turnError = (tag: ErrorTag, message: string): TurnError => ({
  _tag: tag,
  message,
  retryable: errorTable[tag].retryable,
});

const saidLengthMax = 300;

/** Advice that OpenCode's runtime adds for its programmers. */
const runtimeAdvice = / ?For more information, pass `verbose: true`.*$/;

/** What a model provider said, on one line and cut; the words are its own. */
export const quoted = (text: string): string => {
  const line = text.replace(/\s+/g, " ").replace(runtimeAdvice, "").trim();
  return line.length > saidLengthMax ? `${line.slice(0, saidLengthMax)}…` : line;
};

const withStop = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

const decodeWireError = Schema.decodeUnknownOption(Schema.fromJsonString(WireErrorBody));

/** The model gateway answers with errors of our own table. */
const gatewayError = (fault: OpenCodeFault): TurnError | null => {
  const wire = Option.getOrNull(decodeWireError(fault.data?.responseBody));
  if (wire === null) return null;
  const { _tag: tag, message } = wire.error;
  return isErrorTag(tag) ? turnError(tag, message) : null;
};

const limited = /rate.?limit|too many requests|slow down|quota|\b429\b/i;

/** Whether these words of a model provider speak of a limit. */
export const speaksOfLimit = (text: string): boolean => limited.test(text);

const providerError = (fault: OpenCodeFault): TurnError => {
  const said = withStop(quoted(fault.data?.message ?? "no reason was given"));
  const status = fault.data?.statusCode;
  if (status === 429) return turnError("RateLimited", `The model is limiting requests: ${said}`);
  if (status === 401 || status === 403) return turnError("UpstreamError", `The model refused its key: ${said}`);
  return turnError("UpstreamError", `The model answered with an error: ${said}`);
};

/** OpenCode's word for an interrupted turn. */
export const isAborted = (fault: OpenCodeFault | null): boolean => fault?.name === "MessageAbortedError";

export const turnErrorOf = (fault: OpenCodeFault): TurnError => {
  switch (fault.name) {
    case "APIError":
      return gatewayError(fault) ?? providerError(fault);
    case "ProviderAuthError":
      return turnError("UpstreamError", "The model refused its key.");
    case "MessageOutputLengthError":
      return turnError("UpstreamError", "The model's answer grew too long.");
    case "ContextOverflowError":
      return turnError("UpstreamError", "The conversation has grown too long for this model.");
    default:
      return turnError("UpstreamError", withStop(`The agent failed: ${quoted(fault.data?.message ?? fault.name)}`));
  }
};
