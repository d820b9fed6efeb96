import { Clock, Effect, Redacted } from "effect";
import type { ModelConfig } from "../../config.ts";
import { callIdsIn } from "./call-ids.ts";
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
import { guardAnswer } from "./guard-answer.ts";
import { LimitedReader } from "./limit-stream.ts";
import { eventsOfCompletion } from "./plain-completion.ts";
import { noStreamBody, unusableAnswerBody, upstreamErrorBody } from "./upstream-error.ts";

/** Our own events, checked like a provider's. */
const streamOf = (events: string, key: string | null, knownIds: () => readonly string[]): Response => {
  const source = new LimitedReader(new Blob([events]).stream(), answerLimits, () => {});
  return new Response(guardAnswer(source, key, knownIds), { headers: { "content-type": "text/event-stream" } });
};

/**
 * Sends a chat completion to a provider with its key, and streams the answer back. `left` aborts when the caller goes away;
 * so does the request to the provider.
 */
export const askUpstream = Effect.fnUntraced(function* (
  model: ModelConfig,
  asked: AskedCompletion,
  left: AbortSignal,
  fetcher: typeof fetch,
) {
  const key = model.apiKey === null ? null : Redacted.value(model.apiKey);
  const keyed = key === null ? {} : { authorization: `Bearer ${key}` };
  const knownIds = () => callIdsIn(asked.text);
  const begun = yield* callProvider(`${model.baseUrl}/chat/completions`, keyed, asked, left, fetcher);
  if (begun === null) return Response.json(unusableAnswerBody(silentWords), { status: notAsked });

  const { response, release } = begun;
  const { status } = response;
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
