import { Clock, Effect } from "effect";
import { inAnthropicWords } from "./anthropic-error.ts";
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
import { guardStream } from "./guard-answer.ts";
import { LimitedReader } from "./limit-stream.ts";
import { MessageGuard } from "./message-guard.ts";
import { noStreamBody, unusableAnswerBody, upstreamErrorBody } from "./upstream-error.ts";

/** Where Anthropic's messages are made, and how. */
export interface AnthropicEndpoint {
  readonly url: string;
  readonly key: string;
  /** With the key. */
  readonly headers: Readonly<Record<string, string>>;
}

const json = (body: Parameters<typeof inAnthropicWords>[0], init: ResponseInit): Response =>
  Response.json(inAnthropicWords(body), init);

/**
 * Sends a message's request to Anthropic with its key, and streams the answer back as it comes: text, thinking with its
 * signatures, tool calls.
 */
export const askAnthropic = Effect.fnUntraced(function* (
  { url, key, headers: keyed }: AnthropicEndpoint,
  asked: AskedCompletion,
  left: AbortSignal,
  fetcher: typeof fetch,
) {
  const begun = yield* callProvider(url, keyed, asked, left, fetcher);
  if (begun === null) return json(unusableAnswerBody(silentWords), { status: notAsked });
  const { response, release } = begun;
  const { status } = response;
  const headers = passHeaders(response.headers);
  if (status >= 400) {
    const text = yield* Effect.promise(() => readText(response.body));
    headers.set("content-type", "application/json");
    const refusal = { status, headers: response.headers, text, now: yield* Clock.currentTimeMillis };
    return json(upstreamErrorBody(refusal, key), { status, headers });
  }
  if (!asked.isStream) {
    const whole = response.body === null ? null : yield* readWhole(response.body, release);
    return new Response(whole, { status, headers });
  }
  if (response.body === null || !isStream(response.headers)) {
    const text = yield* Effect.promise(() => readText(response.body, wholeLimits));
    release();
    return json(noStreamBody(text, key), { status: notAsked });
  }
  const source = new LimitedReader(response.body, answerLimits, release);
  return new Response(guardStream(source, new MessageGuard(key)), { status, headers });
});
