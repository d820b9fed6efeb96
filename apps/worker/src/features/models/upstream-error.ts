import { cutText } from "@threadbox/contracts/cut-text";
import { Option, Predicate, Schema } from "effect";
import { type ModelRefusal, type ModelRefusalKind, markModelRefusal } from "../opencode/index.ts";
import { field } from "./field.ts";

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown));

const messageLengthMax = 1000;
const keyLike = /\b(?:sk|pk|key|api)[-_][A-Za-z0-9*._-]{6,}/g;
const redacted = "[redacted]";
/** A shorter key is a placeholder, and parts of words would look like it. */
const keyLengthMin = 8;

/** Providers like to repeat the key they were shown, whole or in part. */
const withoutKeys = (text: string, key: string | null): string => {
  const plain = key === null || key.length < keyLengthMin ? text : text.replaceAll(key, redacted);
  return cutText(plain.replace(keyLike, redacted), messageLengthMax);
};

const textIn = (value: unknown): string | null => (Predicate.isString(value) && value.trim() !== "" ? value : null);

/** The object in which endpoints that call themselves OpenAI-compatible explain themselves; some wrap it in a list. */
const explanationIn = (text: string): unknown => {
  const body = Option.getOrNull(decodeJson(text));
  const whole: unknown = Array.isArray(body) ? body[0] : body;
  return field(whole, "error") ?? whole;
};

const wordsOf = (explanation: unknown): string | null =>
  textIn(explanation) ?? textIn(field(explanation, "message")) ?? textIn(field(explanation, "detail"));

/** What providers call an account that has nothing left to spend; many send it with the status of a rate limit. */
const creditCodes: ReadonlySet<unknown> = new Set([
  "insufficient_quota",
  "exceeded_current_quota_error",
  "billing_hard_limit_reached",
  "billing_not_active",
  "billing_error",
]);

/** A number behind any other refusal could be one that OpenCode takes for a reason to repeat it. */
const waits: ReadonlySet<ModelRefusalKind> = new Set(["limit", "fault"]);

/** Anthropic says it in words alone. */
const creditWords = /credit balance is too low/i;

const kindOf = (status: number, explanation: unknown, waitSeconds: number | null): ModelRefusalKind => {
  if (creditCodes.has(field(explanation, "code")) || creditCodes.has(field(explanation, "type"))) return "credit";
  if (creditWords.test(wordsOf(explanation) ?? "")) return "credit";
  // OpenRouter's 402 with a time to wait is about what is under way, not about what is left.
  if (status === 429 || (status === 402 && waitSeconds !== null)) return "limit";
  if (status === 402) return "credit";
  if (status === 401 || status === 403) return "key";
  return status >= 500 ? "fault" : "other";
};

/** `Retry-After` (RFC 9110 §10.2.3), and its more exact sister, in seconds from now. */
const waitSecondsOf = (headers: Headers, now: number): number | null => {
  const exact = Number.parseFloat(headers.get("retry-after-ms") ?? "") / 1000;
  const said = headers.get("retry-after") ?? "";
  const seconds = Number.parseFloat(said);
  const until = (Date.parse(said) - now) / 1000;
  const wait = [exact, seconds, until].find((value) => Number.isFinite(value));
  return wait === undefined || wait < 0 ? null : wait;
};

const errorBody = (message: string, code: unknown, key: string | null) => ({
  error: {
    message,
    type: "upstream_error",
    code: Predicate.isString(code) ? withoutKeys(code, key) : Predicate.isNumber(code) ? code : null,
  },
});

/** What a sandbox is told of an error, in OpenAI's words. */
export type ErrorBody = ReturnType<typeof errorBody>;

export const noModelWords = "The server at this address isn't a model API. Check MODEL_BASE_URL.";

/** What a sandbox is told of an answer that is none of a model's; OpenCode does not ask again after it. */
export const unusableAnswerBody = (words: string) =>
  errorBody(markModelRefusal(words, { kind: "unusable", waitSeconds: null }), null, null);

/** By the first two words OpenCode knows that it may ask again. */
const brokenWords = "Connection lost partway through the model's answer.";

/** What a sandbox is told when the provider's connection breaks; OpenCode asks again, and the turn allows it once. */
export const brokenAnswerBody = () =>
  errorBody(markModelRefusal(brokenWords, { kind: "broken", waitSeconds: null }), null, null);

/** The status of errors that in the middle of an answer name their type alone, as Anthropic's do, or their code, as OpenAI's. */
const statusOfName: Readonly<Record<string, number>> = {
  server_error: 500,
  rate_limit_exceeded: 429,
  authentication_error: 401,
  permission_error: 403,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** The status that a provider repeats in the error itself. */
const statusIn = (explanation: unknown): number | null => {
  const known = [field(explanation, "code"), field(explanation, "status")].map(Number);
  const named = [field(explanation, "type"), field(explanation, "code")].map((name) => statusOfName[String(name)]);
  return [...known, ...named].find((value) => value !== undefined && value >= 400 && value < 600) ?? null;
};

/** A provider's error in the middle of its answer, or in place of it though the status is fine. */
export const streamErrorBody = (explanation: unknown, key: string | null) => {
  const words = withoutKeys(wordsOf(explanation) ?? "no reason given", key);
  const status = statusIn(explanation);
  const isKnown = status !== null || creditCodes.has(field(explanation, "code"));
  const kind = kindOf(status ?? 0, explanation, null);
  const message = isKnown ? markModelRefusal(words, { kind, waitSeconds: null }) : words;
  return errorBody(message, field(explanation, "code"), key);
};

/** The body of an answer of a fine status that should have been a stream and is not. */
export const noStreamBody = (text: string, key: string | null) => {
  const explanation = explanationIn(text);
  const isError = field(Option.getOrNull(decodeJson(text)), "error") !== undefined;
  return isError ? streamErrorBody(explanation, key) : unusableAnswerBody(noModelWords);
};

interface UpstreamRefusal {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly now: number;
}

/**
 * What a sandbox is told of a refusal: the provider's own words without any key, what kind of refusal it is, and the code
 * by which OpenCode knows a conversation that has grown too long.
 */
export const upstreamErrorBody = ({ status, headers, text, now }: UpstreamRefusal, key: string | null) => {
  const explanation = explanationIn(text);
  const words = wordsOf(explanation) ?? `The model provider returned status ${status}.`;
  const code = field(explanation, "code");
  const waitSeconds = waitSecondsOf(headers, now);
  const kind = kindOf(status, explanation, waitSeconds);
  const refusal: ModelRefusal = { kind, waitSeconds: waits.has(kind) ? waitSeconds : null };
  return errorBody(markModelRefusal(withoutKeys(words, key), refusal), code, key);
};
