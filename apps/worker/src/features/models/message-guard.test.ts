import { call, type Step, steps, text } from "@threadbox/model-double/answer";
import { FakeAnthropic } from "@threadbox/model-double/anthropic";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { keyHeaders } from "../model-keys/index.ts";
import { anthropicMessages } from "./anthropic.ts";
import { askModel } from "./ask-model.ts";

const key = "sk-ant-canary-5d2c8f1e";
const apiUrl = "https://api.anthropic.test/v1";
const asked = {
  text: JSON.stringify({
    model: "claude-sonnet-5",
    max_tokens: 100,
    stream: true,
    messages: [{ role: "user", content: "Hi" }],
  }),
  isStream: true,
};

const ask = (fetcher: typeof fetch, request = asked) =>
  Effect.runPromise(askModel(anthropicMessages(apiUrl, key), request, AbortSignal.timeout(60_000), fetcher));
const double = (...all: readonly Step[]) => new FakeAnthropic([key], () => steps(...all));
const fetcherOf =
  (anthropic: FakeAnthropic): typeof fetch =>
  (input, init) =>
    anthropic.fetch(new Request(input, init));
const answerOf = async (...all: readonly Step[]) => (await ask(fetcherOf(double(...all)))).text();
/** What the provider itself would have said. */
const plainOf = async (...all: readonly Step[]) => {
  const headers = keyHeaders("anthropic", key);
  return (
    await double(...all).fetch(new Request(`${apiUrl}/messages`, { method: "POST", headers, body: asked.text }))
  ).text();
};
const errorIn = (answer: string) =>
  JSON.parse(/event: error\ndata: (.*)\n\n$/.exec(answer)?.[1] ?? "null") as { error: { message: string } } | null;

describe("a streamed message", () => {
  test("passes as it is: text, thinking with its signature, tool calls", async () => {
    const said: readonly Step[] = [
      { kind: "reasoning", pieces: ["First", " I think."] },
      text("Then ", 'I say "type":"error", and go on.'),
      call("bash", { command: 'echo "type":"message_stop"' }),
    ];
    const ids = (events: string) => events.replace(/toolu_\w+/g, "toolu");
    expect(ids(await answerOf(...said))).toBe(ids(await plainOf(...said)));
    expect(await answerOf(...said)).toContain("signature_delta");
  });

  test("that breaks off without a reason ends with an error, and one that gave its reason ends in good order", async () => {
    expect(errorIn(await answerOf(text("Half"), { kind: "leave" }))?.error.message).toContain(
      "stopped partway through its answer",
    );
    const reasoned = 'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n';
    const ended = await answerOf(text("Whole"), { kind: "raw", text: reasoned });
    expect(ended.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true);
  });

  test("that announces a call and makes none ends the turn after this one answer", async () => {
    const answer = await answerOf(text("Now I call."), { kind: "finish", reason: "tool_use" });
    expect(errorIn(answer)?.error.message).toContain("didn't make it. [threadbox unusable]");
  });

  test("loses the key from an error in its middle, and says what kind it is", async () => {
    const body = { type: "overloaded_error", message: `Overloaded for ${key}` };
    const answer = await answerOf(text("Half"), { kind: "error", body });
    expect(errorIn(answer)?.error.message).toBe("overloaded for [redacted] [threadbox fault]");
    expect(answer).not.toContain(key);
  });

  test("is no message where something else answers", async () => {
    const answer = await ask(
      async () => new Response("<html>Sign in</html>", { headers: { "content-type": "text/html" } }),
    );
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      type: "error",
      error: { message: expect.stringContaining("isn't a model API") },
    });
  });
});

describe("a refusal", () => {
  test.each([
    [401, "authentication_error", `invalid x-api-key ${key}`, "invalid x-api-key [redacted] [threadbox key]"],
    [429, "rate_limit_error", "Slow down.", "Slow down. [threadbox limit 7]"],
    [
      400,
      "invalid_request_error",
      "Your credit balance is too low.",
      "Your credit balance is too low. [threadbox credit]",
    ],
    [529, "overloaded_error", "Overloaded", "overloaded [threadbox fault 7]"],
  ])("of status %i says what it is in Anthropic's shape, without the key", async (status, type, message, words) => {
    const body = { type: "error", error: { type, message } };
    const refusal = { kind: "refusal", status, body, headers: { "retry-after": "7" } } as const;
    const anthropic = new FakeAnthropic([key], () => refusal);
    const answer = await ask(fetcherOf(anthropic));
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ type: "error", error: { type: "api_error", message: words } });
  });
});
