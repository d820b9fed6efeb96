import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, call, refusal, type Step, steps, text } from "./answer.testing.ts";
import { chunk, type completionOf, done, event } from "./chunks.testing.ts";
import { type ModelDouble, startModelDouble } from "./server.testing.ts";

let double: ModelDouble;
beforeAll(async () => {
  double = await startModelDouble(() => steps(text("Done.")));
});
afterAll(() => double.stop());

const asking = { model: "m1", messages: [{ role: "user", content: "hello" }] };
const post = (body: unknown, init: RequestInit = {}) =>
  fetch(`${double.baseUrl}/chat/completions`, { method: "POST", body: JSON.stringify(body), ...init });
const eventsOf = async (answer: Answer, extra: object = {}): Promise<readonly string[]> => {
  double.answer(() => answer);
  const response = await post({ ...asking, stream: true, ...extra });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  return (await response.text()).split(/(?<=\n\n)/);
};
const wholeOf = async (...all: readonly Step[]) => {
  double.answer(() => steps(...all));
  // The test looks at a few fields of what the double has made itself.
  return (await post(asking)).json() as Promise<ReturnType<typeof completionOf>>;
};

describe("a stream", () => {
  test("says text piece by piece, in the chunks of the model that was asked, and ends with its last word", async () => {
    expect(await eventsOf(steps(text("Hello", " there")))).toEqual([
      chunk({ role: "assistant", content: "Hello" }, null, "m1"),
      chunk({ content: " there" }, null, "m1"),
      chunk({}, "stop", "m1"),
      done,
    ]);
  });

  test("tells its usage to those who ask for it, and to nobody else", async () => {
    const asked = await eventsOf(steps(text("Hello")), { stream_options: { include_usage: true } });
    expect(asked.filter((one) => one.includes('"usage"'))).toHaveLength(1);
    expect(await eventsOf(steps(text("Hello")))).toHaveLength(3);
  });

  test("calls tools under an index and an id of their own, and ends for that reason", async () => {
    const events = await eventsOf(steps(call("bash", { command: "true" }), call("read", { filePath: "a" })));
    const deltas = events.slice(0, -2).map((one) => JSON.parse(one.slice(6)).choices[0].delta.tool_calls[0]);
    const argsOf = (index: number) =>
      JSON.parse(
        deltas
          .filter((delta) => delta.index === index)
          .map((delta) => delta.function.arguments)
          .join(""),
      );
    expect([argsOf(0), argsOf(1)]).toEqual([{ command: "true" }, { filePath: "a" }]);
    expect(new Set(deltas.flatMap(({ id }) => id ?? [])).size).toBe(2);
    expect(events.at(-2)).toContain('"finish_reason":"tool_calls"');
  });

  test("ends in all the odd ways that a step can name", async () => {
    const half = chunk({ role: "assistant", content: "Half" }, null, "m1");
    const halfThen = (step: Step) => eventsOf(steps(text("Half"), step));
    expect(await halfThen({ kind: "leave" })).toEqual([half]);
    expect(await halfThen({ kind: "finish", reason: "length" })).toEqual([half, chunk({}, "length", "m1"), done]);
    expect(await halfThen({ kind: "error", body: { error: { message: "No." } } })).toEqual([
      half,
      event({ error: { message: "No." } }),
    ]);
    expect(await halfThen({ kind: "raw", text: "data: hello\n\n" })).toEqual([half, "data: hello\n\n"]);
    await expect(halfThen({ kind: "cut" })).rejects.toThrow("terminated");
  });

  test("that is silent stays open until its caller leaves", async () => {
    double.answer(() => steps(text("First words, then"), { kind: "silence" }));
    const leaving = new AbortController();
    const { body } = await post({ ...asking, stream: true }, { signal: leaving.signal });
    const reader = body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain("First words, then");
    expect(double.calls()).toEqual({ made: 1, open: 1 });
    leaving.abort();
    await expect.poll(() => double.calls()).toEqual({ made: 1, open: 0 });
  });

  test("that nobody reads waits, and is not made any longer when its reader leaves", async () => {
    let made = 0;
    let hasEnded = false;
    const endless = (function* () {
      try {
        for (; ; made++) yield "x".repeat(100_000);
      } finally {
        hasEnded = true;
      }
    })();
    double.answer(() => steps({ kind: "text", pieces: endless }));
    const leaving = new AbortController();
    await post({ ...asking, stream: true }, { signal: leaving.signal });
    leaving.abort();
    await expect.poll(() => hasEnded).toBe(true);
    expect(made).toBeLessThan(10_000);
  });
});

test("without a stream the same answer comes as one completion", async () => {
  expect(await wholeOf(text("Hel", "lo"), { kind: "reasoning", pieces: ["Hm."] })).toMatchObject({
    object: "chat.completion",
    model: "m1",
    choices: [{ message: { role: "assistant", content: "Hello", reasoning_content: "Hm." }, finish_reason: "stop" }],
    usage: { total_tokens: 15 },
  });
  const args = { command: "true" };
  const { choices } = await wholeOf(call("bash", args));
  expect(choices[0]?.message.content).toBeNull();
  expect(choices[0]?.message.tool_calls).toMatchObject([
    { type: "function", function: { name: "bash", arguments: JSON.stringify(args) } },
  ]);
});

test("a refusal has OpenAI's shape, its status and its headers", async () => {
  double.answer(() => refusal(429, { message: "Slow down.", type: "rate_limit" }, { "retry-after": "1" }));
  const response = await post(asking);
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "1"]);
  expect(await response.json()).toEqual({
    error: { message: "Slow down.", type: "rate_limit", param: null, code: null },
  });
});

test("what is no chat completion is refused, and no other route is known", async () => {
  expect((await post([])).status).toBe(400);
  expect((await fetch(`${double.baseUrl}/models`)).status).toBe(404);
});

test("the keys it was called with are remembered, each once, until it is told how to answer", async () => {
  double.answer(() => steps(text("Done.")));
  for (const key of ["a", "b", "a"]) await post(asking, { headers: { authorization: `Bearer ${key}` } });
  expect(double.keysSeen()).toEqual(["Bearer a", "Bearer b"]);
  double.answer(() => steps(text("Done.")));
  expect(double.keysSeen()).toEqual([]);
});
