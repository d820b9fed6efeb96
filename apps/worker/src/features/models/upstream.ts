import { Clock, Effect, Redacted } from "effect";
import type { ModelConfig } from "../../config.ts";
import { ModelProviderError } from "./errors.ts";
import { limitStream, type StreamLimits } from "./limit-stream.ts";
import { upstreamErrorBody } from "./upstream-error.ts";

/** A model may think for minutes before its first byte; a silence longer than this is a lost connection. */
const firstByteTimeout = "5 minutes";
const answerLimits: StreamLimits = { bytesMax: 64 * 1024 * 1024, idleMsMax: 120_000 };
const errorBytesMax = 64 * 1024;

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

const readText = async (body: ReadableStream<Uint8Array> | null): Promise<string> => {
  if (body === null) return "";
  const limited = limitStream(body, { bytesMax: errorBytesMax, idleMsMax: 10_000 }, () => {});
  return new Response(limited).text().catch(() => "");
};

/**
 * Sends a chat completion to the operator's provider with the operator's key, and streams the answer back unchanged.
 * `left` aborts when the caller goes away; so does the request to the provider.
 */
export const askUpstream = Effect.fn("askUpstream")(function* (
  model: ModelConfig,
  body: Readonly<Record<string, unknown>>,
  left: AbortSignal,
  fetcher: typeof fetch,
) {
  const key = model.apiKey === null ? null : Redacted.value(model.apiKey);
  const abort = new AbortController();
  const release = () => abort.abort();
  const response = yield* Effect.tryPromise({
    try: () =>
      fetcher(`${model.baseUrl}/chat/completions`, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.any([left, abort.signal]),
        headers: {
          "content-type": "application/json",
          accept: body.stream === true ? "text/event-stream" : "application/json",
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ ...body, model: model.name }),
      }),
    catch: () => new ModelProviderError({ reason: "unreachable" }),
  }).pipe(
    Effect.timeoutOrElse({
      duration: firstByteTimeout,
      orElse: () => Effect.fail(new ModelProviderError({ reason: "silent" })),
    }),
    Effect.tapError(() => Effect.sync(release)),
  );

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
  const stream = response.body === null ? null : limitStream(response.body, answerLimits, release);
  return new Response(stream, { status, headers });
});
