import { cutText } from "@threadbox/contracts/cut-text";
import { type ErrorTag, errorTable, isErrorTag } from "@threadbox/contracts/errors";
import type { TurnError } from "@threadbox/contracts/turn";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Option, Schema } from "effect";
import { type ModelRefusal, type ModelRefusalKind, type ReadModelRefusal, readModelRefusal } from "./model-refusal.ts";
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
  return line.length > saidLengthMax ? `${cutText(line, saidLengthMax)}…` : line;
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

/** A refusal that did not pass the gateway as one, such as an error in the middle of a stream. */
const unmarked = (words: string, status: number | undefined, otherwise: ModelRefusalKind): ModelRefusal => {
  const kindOfStatus = (): ModelRefusalKind => {
    if (status === 429 || (status === undefined && limited.test(words))) return "limit";
    if (status === 401 || status === 403) return "key";
    return status !== undefined && status >= 500 ? "fault" : otherwise;
  };
  return { kind: kindOfStatus(), waitSeconds: null };
};

const inWords = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

const waitInWords = (seconds: number): string => {
  if (seconds <= 90) return inWords(seconds, "second");
  if (seconds <= 90 * 60) return inWords(Math.round(seconds / 60), "minute");
  return seconds <= 36 * 3600
    ? inWords(Math.round(seconds / 3600), "hour")
    : inWords(Math.round(seconds / 86_400), "day");
};

const refusalLeads: Readonly<Record<Exclude<ModelRefusalKind, "unusable" | "broken">, string>> = {
  limit: "The model provider is limiting requests",
  credit: "The model provider account is out of credit",
  key: "The model provider rejected the API key",
  fault: "The model keeps failing",
  other: "The model provider returned an error",
};

/** What a model provider's refusal means for the turn; `words` are the provider's. */
const refusalError = ({ kind, waitSeconds }: ModelRefusal, words: string): TurnError => {
  if (kind === "unusable" || kind === "broken") return turnError("UpstreamError", words);
  const said = withStop(quoted(words) || "no reason given");
  const advice = waitSeconds === null || waitSeconds === 0 ? "" : ` Try again in ${waitInWords(waitSeconds)}.`;
  return turnError(kind === "limit" ? "RateLimited" : "UpstreamError", `${refusalLeads[kind]}: ${said}${advice}`);
};

/** For a refusal that OpenCode repeats. */
export const repeatedRefusalError = ({ words, refusal }: ReadModelRefusal): TurnError =>
  refusalError(refusal ?? unmarked(words, undefined, "fault"), words);

const providerError = ({ data }: OpenCodeFault): TurnError => {
  const { words, refusal } = readModelRefusal(data?.message ?? "");
  return refusalError(refusal ?? unmarked(words, data?.statusCode, "other"), words);
};

/** OpenCode does not know what became of the call; what the gateway or the provider said in the answer's middle it keeps. */
const unknownError = ({ name, data }: OpenCodeFault): TurnError => {
  const message = data?.message ?? name;
  const { words, refusal } = readModelRefusal(message);
  if (refusal === null && words === message) {
    return turnError("UpstreamError", withStop(`The agent failed: ${quoted(message)}`));
  }
  return refusalError(refusal ?? unmarked(words, undefined, "other"), words);
};

/** OpenCode can't make a picture of the prompt fit; it doesn't keep the prompt then, and says nothing more of it. */
export const isPictureFault = ({ data }: OpenCodeFault): boolean => /^Image\w*Error\b/.test(data?.message ?? "");

const badPicture = turnError(
  "ValidationError",
  "A picture that goes with this message can’t be read, so nothing was sent to the model. Send the message again without it.",
);

/** OpenCode's word for an interrupted turn. */
export const isAborted = (fault: OpenCodeFault | null): boolean => fault?.name === "MessageAbortedError";

export const turnErrorOf = (fault: OpenCodeFault): TurnError => {
  switch (fault.name) {
    case "APIError":
      return gatewayError(fault) ?? providerError(fault);
    case "ProviderAuthError":
      return turnError("UpstreamError", "The model provider rejected the API key.");
    case "MessageOutputLengthError":
      return turnError("UpstreamError", "The answer reached the model's length limit.");
    case "ContextOverflowError":
      return turnError("UpstreamError", "This conversation is too long for the model. Start a new thread.");
    default:
      return isPictureFault(fault) ? badPicture : unknownError(fault);
  }
};
