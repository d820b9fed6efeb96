import { Effect, Schema } from "effect";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { turnErrorOf } from "../opencode/turn-error.ts";
import { emptyLog } from "../opencode/turn-log.ts";
import { beginWatch, nextMove, withStatus } from "../opencode/turn-watch.ts";
import { askUpstream } from "./upstream.ts";
import { upstreamErrorBody } from "./upstream-error.ts";

const Body = Schema.Struct({ error: Schema.Struct({ message: Schema.String }) });
const model = { baseUrl: "http://model.test/v1", name: "vendor-model-1", apiKey: null };

/** The message that OpenCode finds in the gateway's answer. */
const messageOf = async (answer: Response): Promise<string> => {
  const asked = askUpstream(model, { text: "{}", isStream: true }, new AbortController().signal, () =>
    Promise.resolve(answer),
  );
  const body: unknown = await (await Effect.runPromise(asked)).json();
  return Schema.decodeUnknownSync(Body)(body).error.message;
};

/** What the turn says when OpenCode hands the refusal on at once. */
const toldAtOnce = async (answer: Response) => {
  const { status: statusCode } = answer;
  return turnErrorOf({ name: "APIError", data: { message: await messageOf(answer), statusCode } });
};

/** What the turn says when OpenCode repeats the call: it hands on nothing but the message. A minute has gone by. */
const toldAfterRepeats = async (answer: Response) => {
  const retry = { type: "retry" as const, attempt: 1, message: await messageOf(answer), next: 2_000 };
  const watch = withStatus({ ...beginWatch(0), lostSince: null }, retry, 0);
  return nextMove(watch, emptyLog("msg_p"), 60_000);
};

const json = (status: number, body: unknown, headers: HeadersInit = {}) => Response.json(body, { status, headers });
const wait = { "retry-after": "600" };

const openAiQuota = {
  message: "You exceeded your current quota, please check your plan and billing details.",
  type: "insufficient_quota",
  param: null,
  code: "insufficient_quota",
};
const openAiLimit = {
  message: "Rate limit reached for gpt-5 in organization org-1 on tokens per min (TPM): Limit 30000.",
  type: "tokens",
  code: "rate_limit_exceeded",
};
const anthropicLimit = {
  type: "error",
  error: { type: "rate_limit_error", message: "This request would exceed your account's rate limit." },
  request_id: "req_1",
};
const openRouterCredit = { message: "Insufficient credits. You can only afford 500 tokens.", code: 402 };
const openRouterLimit = { message: "Provider returned error", code: 429, metadata: { provider_name: "Google" } };
const geminiLimit = { code: 429, message: "Resource has been exhausted.", status: "RESOURCE_EXHAUSTED" };

describe("a provider's refusal is told for what it is, whatever it is called", () => {
  test.each<[string, () => Response, string, string]>([
    [
      "a plan",
      () => json(429, { error: { message: "You exceeded your plan" } }, wait),
      "RateLimited",
      "The model provider is limiting requests: You exceeded your plan. Try again in 10 minutes.",
    ],
    [
      "OpenAI's limit",
      () => json(429, { error: openAiLimit }, { "retry-after": "21", "retry-after-ms": "20400" }),
      "RateLimited",
      `The model provider is limiting requests: ${openAiLimit.message} Try again in 21 seconds.`,
    ],
    [
      "OpenAI's quota",
      () => json(429, { error: openAiQuota }),
      "UpstreamError",
      `The model provider account is out of credit: ${openAiQuota.message}`,
    ],
    [
      "Anthropic's limit",
      () => json(429, anthropicLimit, { "retry-after": "3600" }),
      "RateLimited",
      `The model provider is limiting requests: ${anthropicLimit.error.message} Try again in 60 minutes.`,
    ],
    [
      "Anthropic's overload",
      () => json(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
      "UpstreamError",
      "The model keeps failing: overloaded.",
    ],
    [
      "OpenRouter's credit",
      () => json(402, { error: openRouterCredit }),
      "UpstreamError",
      `The model provider account is out of credit: ${openRouterCredit.message}`,
    ],
    [
      "OpenRouter's budget for what is under way",
      () => json(402, { error: { message: "In-flight budget exceeded.", code: 402 } }, { "retry-after": "1" }),
      "RateLimited",
      "The model provider is limiting requests: In-flight budget exceeded. Try again in 1 second.",
    ],
    [
      "OpenRouter's limit",
      () => json(429, { error: openRouterLimit }, { "retry-after": "7200" }),
      "RateLimited",
      "The model provider is limiting requests: Provider returned error. Try again in 2 hours.",
    ],
    [
      "a limit in a list",
      () => json(429, [{ error: geminiLimit }]),
      "RateLimited",
      "The model provider is limiting requests: Resource has been exhausted.",
    ],
    [
      "a limit without an object",
      () => json(429, { error: "Slow!" }, { "retry-after": "259200" }),
      "RateLimited",
      "The model provider is limiting requests: Slow! Try again in 3 days.",
    ],
    [
      "a refused key",
      () => json(401, { detail: "No such key, 500 others." }),
      "UpstreamError",
      "The model provider rejected the API key: No such key, 500 others.",
    ],
    [
      "a forbidden key",
      () => json(403, {}),
      "UpstreamError",
      "The model provider rejected the API key: The model provider returned status 403.",
    ],
    [
      "an empty refusal",
      () => new Response(null, { status: 503, headers: { "retry-after": "120" } }),
      "UpstreamError",
      "The model keeps failing: The model provider returned status 503. Try again in 2 minutes.",
    ],
    [
      "an error page",
      () => new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 }),
      "UpstreamError",
      "The model keeps failing: The model provider returned status 502.",
    ],
  ])("%s", async (_, answer, tag, message) => {
    const error = { _tag: tag, message };
    expect(await toldAtOnce(answer())).toMatchObject(error);
    expect(await toldAfterRepeats(answer())).toMatchObject({ kind: "fail", error });
  });

  test("any words with status 429 are a limit, and with 503 are none", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.nat(10_000_000), async (message, seconds) => {
        const headers = { "retry-after": String(seconds) };
        const limit = await toldAfterRepeats(json(429, { error: { message } }, headers));
        expect(limit).toMatchObject({ kind: "fail", error: { _tag: "RateLimited" } });
        const fault = await toldAfterRepeats(json(503, { error: { message } }, headers));
        expect(fault).toMatchObject({ kind: "fail", error: { _tag: "UpstreamError" } });
      }),
    );
  });

  test("a date to wait for is told as the time until then", async () => {
    const until = new Date(Date.now() + 20 * 60_000).toUTCString();
    const { message } = await toldAtOnce(json(429, { error: { message: "No." } }, { "retry-after": until }));
    expect(message).toBe("The model provider is limiting requests: No. Try again in 20 minutes.");
  });

  test.each(["", "soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", "NaN"])(
    "Retry-After %j asks for nothing",
    async (value) => {
      const { message } = await toldAtOnce(json(429, { error: { message: "No." } }, { "retry-after": value }));
      expect(message).toBe("The model provider is limiting requests: No.");
    },
  );
});

describe("what no repetition can mend ends the turn at once, though OpenCode goes on", () => {
  test.each([
    ["used-up credit", () => json(402, { error: openRouterCredit })],
    ["a used-up quota", () => json(429, { error: openAiQuota })],
    ["a refused key", () => json(401, { error: { message: "Try again later." } })],
  ])("%s", async (_, answer) => {
    const retry = { type: "retry" as const, attempt: 1, message: await messageOf(answer()), next: 2_000 };
    const watch = withStatus({ ...beginWatch(0), lostSince: null }, retry, 0);
    expect(nextMove(watch, emptyLog("msg_p"), 1).kind).toBe("fail");
  });
});

test.each([
  ["x", "The maximum is exceeded."],
  ["maximum", "The maximum is exceeded."],
  ["exceeded", "The maximum is [redacted]."],
])("the provider's words stay words beside the key %s, unless it is long enough to be a secret", (key, told) => {
  const refusal = { status: 400, headers: new Headers(), text: '{"error":"The maximum is exceeded."}', now: 0 };
  expect(upstreamErrorBody(refusal, key).error.message.startsWith(told)).toBe(true);
});
