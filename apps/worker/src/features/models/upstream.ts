import { Clock, Effect, Option, Redacted } from "effect";
import type { ModelConfig } from "../../config.ts";
import { callIdsIn } from "./call-ids.ts";
import { ModelProviderError } from "./errors.ts";
import { guardAnswer } from "./guard-answer.ts";
import { AnswerLimitError, LimitedReader, limitStream, type StreamLimits } from "./limit-stream.ts";
import { eventsOfCompletion } from "./plain-completion.ts";
import { noStreamBody, unusableAnswerBody, upstreamErrorBody } from "./upstream-error.ts";

/** A slow model may think for a while before its first byte; people are told from the tenth second on that it does. */
const firstByteMinutesMax = 2;
const answerLimits: StreamLimits = { bytesMax: 64 * 1024 * 1024, idleMsMax: 120_000 };
const errorLimits: StreamLimits = { bytesMax: 64 * 1024, idleMsMax: 10_000 };
/** A provider that does not stream is silent while its model writes, and a text is far smaller than its stream. */
const wholeLimits: StreamLimits = { bytesMax: 4 * 1024 * 1024, idleMsMax: 120_000 };

/** Of the provider's headers only these reach a sandbox. */
const passedHeaders = ["content-type", "retry-after", "retry-after-ms"] as const;

const passHeaders = (from: Headers): Headers => {
  const headers = new Headers();
  for (const name of passedHeaders) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
};

const readText = async (body: ReadableStream<Uint8Array> | null, limits = errorLimits): Promise<string> => {
  if (body === null) return "";
  const limited = limitStream(body, limits, () => {});
  return new Response(limited).text().catch(() => "");
};

/** An answer that is no stream, in one piece: to pass it on as it comes would cost more, and nobody reads half of it. */
const readWhole = (body: ReadableStream<Uint8Array>, release: () => void) => {
  const broken = (cause: unknown) =>
    new ModelProviderError({ reason: cause instanceof AnswerLimitError ? "endless" : "unreachable" });
  return Effect.tryPromise({ try: () => new LimitedReader(body, wholeLimits, release).readAll(), catch: broken });
};

const silentWords = `The model didn't start answering within ${firstByteMinutesMax} minutes.`;

/** OpenCode repeats what answers with a status of 500 and above. */
const notAsked = 400;
const isStream = (headers: Headers): boolean => /^text\/event-stream\b/i.test(headers.get("content-type") ?? "");

/** Our own events, checked like a provider's. */
const streamOf = (events: string, key: string | null, knownIds: () => readonly string[]): Response => {
  const source = new LimitedReader(new Blob([events]).stream(), answerLimits, () => {});
  return new Response(guardAnswer(source, key, knownIds), { headers: { "content-type": "text/event-stream" } });
};

/** A chat completion's request: the JSON that the provider gets, and whether it asks for a stream. */
export interface AskedCompletion {
  readonly text: string;
  readonly isStream: boolean;
}

/**
 * Sends a chat completion to the operator's provider with the operator's key, and streams the answer back.
 * `left` aborts when the caller goes away; so does the request to the provider.
 */
export const askUpstream = Effect.fnUntraced(function* (
  model: ModelConfig,
  asked: AskedCompletion,
  left: AbortSignal,
  fetcher: typeof fetch,
) {
  const key = model.apiKey === null ? null : Redacted.value(model.apiKey);
  const abort = new AbortController();
  const release = () => abort.abort();
  const knownIds = () => callIdsIn(asked.text);
  const response = yield* Effect.tryPromise({
    try: () =>
      fetcher(`${model.baseUrl}/chat/completions`, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.any([left, abort.signal]),
        headers: {
          "content-type": "application/json",
          accept: asked.isStream ? "text/event-stream" : "application/json",
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: asked.text,
      }),
    catch: () => new ModelProviderError({ reason: "unreachable" }),
  }).pipe(
    Effect.timeoutOption(`${firstByteMinutesMax} minutes`),
    Effect.map(Option.getOrNull),
    Effect.onError(() => Effect.sync(release)),
  );
  if (response === null) {
    release();
    return Response.json(unusableAnswerBody(silentWords), { status: notAsked });
  }

  const { status } = response;
  if (status >= 300 && status < 400) {
    release();
    return yield* new ModelProviderError({ reason: "redirected" });
  }
  const headers = passHeaders(response.headers);
  if (status >= 400) {
    const text = yield* Effect.promise(() => readText(response.body));
    headers.set("content-type", "application/json");
    const refusal = { status, headers: response.headers, text, now: yield* Clock.currentTimeMillis };
    return new Response(JSON.stringify(upstreamErrorBody(refusal, key)), { status, headers });
  }
  if (!asked.isStream) {
    const whole = response.body === null ? null : yield* readWhole(response.body, release);
    return new Response(whole, { status, headers });
  }
  if (response.body === null || !isStream(response.headers)) {
    const text = yield* Effect.promise(() => readText(response.body, wholeLimits));
    release();
    const events = eventsOfCompletion(text);
    if (events !== null) return streamOf(events, key, knownIds);
    return Response.json(noStreamBody(text, key), { status: notAsked });
  }
  const answer = guardAnswer(new LimitedReader(response.body, answerLimits, release), key, knownIds);
  return new Response(answer, { status, headers });
});
