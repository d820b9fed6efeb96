import { Effect, Option } from "effect";
import { ModelProviderError } from "./errors.ts";
import { AnswerLimitError, LimitedReader, limitStream, type StreamLimits } from "./limit-stream.ts";

/** A slow model may think for a while before its first byte; people are told from the tenth second on that it does. */
const firstByteMinutesMax = 2;
export const answerLimits: StreamLimits = { bytesMax: 64 * 1024 * 1024, idleMsMax: 120_000 };
const errorLimits: StreamLimits = { bytesMax: 64 * 1024, idleMsMax: 10_000 };
/** A provider that does not stream is silent while its model writes, and a text is far smaller than its stream. */
export const wholeLimits: StreamLimits = { bytesMax: 4 * 1024 * 1024, idleMsMax: 120_000 };

/** Of the provider's headers only these reach a sandbox. */
const passedHeaders = ["content-type", "retry-after", "retry-after-ms"] as const;

export const passHeaders = (from: Headers): Headers => {
  const headers = new Headers();
  for (const name of passedHeaders) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
};

export const readText = async (body: ReadableStream<Uint8Array> | null, limits = errorLimits): Promise<string> => {
  if (body === null) return "";
  const limited = limitStream(body, limits, () => {});
  return new Response(limited).text().catch(() => "");
};

/** An answer that is no stream, in one piece: to pass it on as it comes would cost more, and nobody reads half of it. */
export const readWhole = (body: ReadableStream<Uint8Array>, release: () => void) => {
  const broken = (cause: unknown) =>
    new ModelProviderError({ reason: cause instanceof AnswerLimitError ? "endless" : "unreachable" });
  return Effect.tryPromise({ try: () => new LimitedReader(body, wholeLimits, release).readAll(), catch: broken });
};

export const silentWords = `The model didn't start answering within ${firstByteMinutesMax} minutes.`;

/** OpenCode repeats what answers with a status of 500 and above. */
export const notAsked = 400;
export const isStream = (headers: Headers): boolean => /^text\/event-stream\b/i.test(headers.get("content-type") ?? "");

/** A request to a model: the JSON that the provider gets, and whether it asks for a stream. */
export interface AskedCompletion {
  readonly text: string;
  readonly isStream: boolean;
}

/** A provider's answer as it begins. `release` lets go of it. */
export interface BegunAnswer {
  readonly response: Response;
  readonly release: () => void;
}

/**
 * Sends a request to a provider. Null where it doesn't begin to answer in time. `left` aborts when the caller goes away; so
 * does the request to the provider.
 */
export const callProvider = Effect.fnUntraced(function* (
  url: string,
  keyed: Readonly<Record<string, string>>,
  asked: AskedCompletion,
  left: AbortSignal,
  fetcher: typeof fetch,
) {
  const abort = new AbortController();
  const release = () => abort.abort();
  const response = yield* Effect.tryPromise({
    try: () =>
      fetcher(url, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.any([left, abort.signal]),
        headers: {
          "content-type": "application/json",
          accept: asked.isStream ? "text/event-stream" : "application/json",
          ...keyed,
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
    return null;
  }
  if (response.status >= 300 && response.status < 400) {
    release();
    return yield* new ModelProviderError({ reason: "redirected" });
  }
  return { response, release } satisfies BegunAnswer;
});
