import { Clock, Effect } from "effect";
import {
  type AskedCompletion,
  answerLimits,
  callProvider,
  isStream,
  notAsked,
  passHeaders,
  readText,
  readWhole,
  silentWords,
  wholeLimits,
} from "./call-provider.ts";
import { guardStream, type StreamGuard } from "./guard-answer.ts";
import { LimitedReader } from "./limit-stream.ts";
import { type ErrorBody, noStreamBody, unusableAnswerBody, upstreamErrorBody } from "./upstream-error.ts";

/** A provider's API as it is spoken to. */
export interface ModelApi {
  readonly url: string;
  readonly key: string | null;
  /** With the key. */
  readonly headers: Readonly<Record<string, string>>;
  readonly guard: () => StreamGuard;
  /** An error in the API's own shape. */
  readonly errorOf: (body: ErrorBody) => object;
  /** The events of an answer that came whole although a stream was asked for; null where it is none. */
  readonly eventsOf?: (text: string) => string | null;
}

/**
 * Sends a request to a provider with its key, and streams the answer back as it comes. `left` aborts when the caller goes away;
 * so does the request to the provider.
 */
export const askModel = Effect.fnUntraced(function* (
  { url, key, headers: keyed, guard, errorOf, eventsOf = () => null }: ModelApi,
  asked: AskedCompletion,
  left: AbortSignal,
  fetcher: typeof fetch,
) {
  const begun = yield* callProvider(url, keyed, asked, left, fetcher);
  if (begun === null) return Response.json(errorOf(unusableAnswerBody(silentWords)), { status: notAsked });
  const { response, release } = begun;
  const { status } = response;
  const headers = passHeaders(response.headers);
  if (status >= 400) {
    const text = yield* Effect.promise(() => readText(response.body));
    headers.set("content-type", "application/json");
    const refusal = { status, headers: response.headers, text, now: yield* Clock.currentTimeMillis };
    return Response.json(errorOf(upstreamErrorBody(refusal, key)), { status, headers });
  }
  if (!asked.isStream) {
    const whole = response.body === null ? null : yield* readWhole(response.body, release);
    return new Response(whole, { status, headers });
  }
  const guarded = (body: ReadableStream<Uint8Array>, letGo: () => void) =>
    guardStream(new LimitedReader(body, answerLimits, letGo), guard());
  if (response.body !== null && isStream(response.headers))
    return new Response(guarded(response.body, release), { status, headers });
  const text = yield* Effect.promise(() => readText(response.body, wholeLimits));
  release();
  const events = eventsOf(text);
  if (events === null) return Response.json(errorOf(noStreamBody(text, key)), { status: notAsked });
  return new Response(
    guarded(new Blob([events]).stream(), () => {}),
    { headers: { "content-type": "text/event-stream" } },
  );
});
