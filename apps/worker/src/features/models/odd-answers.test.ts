import { chunkBody as chunk, type Delta, done, event } from "@threadbox/model-double/chunks";
import { Effect, Fiber, Redacted } from "effect";
import * as TestClock from "effect/testing/TestClock";
import { describe, expect, test } from "vitest";
import { turnErrorOf } from "../opencode/turn-error.ts";
import { askUpstream } from "./upstream.ts";

const key = "sk-canary-5c1f0b7e";
const model = { baseUrl: "http://model.test/v1", name: "vendor-model-1", apiKey: Redacted.make(key) };

const call: Delta = {
  tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "bash", arguments: "{}" } }],
};

const stream = (text: string) => new Response(text, { headers: { "content-type": "text/event-stream" } });

/** What the gateway makes of this answer. */
const passed = async (answer: Response): Promise<{ status: number; text: string }> => {
  const asked = askUpstream(model, { text: "{}", isStream: true }, new AbortController().signal, () =>
    Promise.resolve(answer),
  );
  const response = await Effect.runPromise(asked);
  return { status: response.status, text: await response.text() };
};

const errorIn = (text: string): { message: string; code: unknown } => {
  const last = text
    .trim()
    .split("\n\n")
    .at(-1)
    ?.replace(/^data: /, "");
  const { error } = JSON.parse(last ?? "") as { error: { message: string; code: unknown } };
  return error;
};

/** What the turn says of an error in the middle: OpenCode hands on the whole object, as JSON. */
const toldOf = (text: string): string =>
  turnErrorOf({ name: "UnknownError", data: { message: JSON.stringify(errorIn(text)) } }).message;

/** What makes OpenCode ask again after an error in the middle of an answer. */
const repeated = /429|50[0234]|524|rate.limit|overloaded|unavailable|exhausted|internal error|server error|try again/i;

describe("a whole completion where a stream was asked for becomes one", () => {
  const whole = (message: object, reason: string | null) =>
    Response.json({ id: "c1", usage: { total_tokens: 3 }, choices: [{ index: 0, message, finish_reason: reason }] });
  const eventsIn = (text: string) => text.trim().split("\n\n");

  test("with its text, its reason and its usage", async () => {
    const { status, text } = await passed(whole({ role: "assistant", content: "Hello" }, "stop"));
    expect(status).toBe(200);
    const [first = "", last, ...more] = eventsIn(text);
    expect(JSON.parse(first.replace(/^data: /, ""))).toEqual({
      id: "c1",
      object: "chat.completion.chunk",
      usage: { total_tokens: 3 },
      choices: [{ index: 0, delta: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    });
    expect([last, ...more]).toEqual(["data: [DONE]"]);
  });

  test("with every tool call under an index of its own", async () => {
    const calls = ["a", "b"].map((id) => ({ id, type: "function", function: { name: "bash", arguments: "{}" } }));
    const { text } = await passed(whole({ content: null, tool_calls: calls }, "tool_calls"));
    const [first = ""] = eventsIn(text);
    expect(JSON.parse(first.replace(/^data: /, "")).choices[0].delta.tool_calls).toEqual(
      calls.map((one, index) => ({ ...one, index })),
    );
  });

  test("that gives no reason for its end still ends", async () => {
    const { text } = await passed(whole({ content: "Hello" }, null));
    expect(text).toContain('"finish_reason":"stop"');
  });
});

describe("an answer that is no stream of a model's is refused, and OpenCode does not ask again", () => {
  test.each<[string, Response]>([
    ["a page", new Response("<html>Sign in</html>", { headers: { "content-type": "text/html" } })],
    ["plain text", new Response("hello")],
    ["nothing", new Response(null)],
  ])("%s", async (_, answer) => {
    const { status, text } = await passed(answer);
    expect(status).toBe(400);
    const { message } = errorIn(text);
    expect(turnErrorOf({ name: "APIError", data: { message, statusCode: status } })).toMatchObject({
      _tag: "UpstreamError",
      message: "The server at this address isn't a model API. Check MODEL_BASE_URL.",
    });
  });

  test("an error with a status of its own inside a fine one is told as that", async () => {
    const { status, text } = await passed(Response.json({ error: { message: `No such key ${key}.`, code: 401 } }));
    const { message } = errorIn(text);
    expect(turnErrorOf({ name: "APIError", data: { message, statusCode: status } }).message).toBe(
      "The model provider rejected the API key: No such key [redacted].",
    );
  });

  test("a stream of something else", async () => {
    const { text } = await passed(stream("data: hello\n\n"));
    expect(toldOf(text)).toContain("Check MODEL_BASE_URL");
  });
});

test("a model that does not begin to answer within two minutes is given up, and OpenCode does not ask again", async () => {
  const signals: AbortSignal[] = [];
  const silent: typeof fetch = (_, init) => {
    if (init?.signal) signals.push(init.signal);
    return new Promise(() => {});
  };
  const answer = await Effect.runPromise(
    Effect.gen(function* () {
      const asked = yield* Effect.forkChild(
        askUpstream(model, { text: "{}", isStream: true }, new AbortController().signal, silent),
      );
      yield* TestClock.adjust("119 seconds");
      expect(signals[0]?.aborted).toBe(false);
      yield* TestClock.adjust("1 second");
      return yield* Fiber.join(asked);
    }).pipe(Effect.provide(TestClock.layer())),
  );
  expect(signals[0]?.aborted).toBe(true);
  expect(answer.status).toBe(400);
  expect(toldOf(await answer.text())).toBe("The model didn't start answering within 2 minutes.");
});

describe("a stream after which OpenCode would ask for ever ends with an error of ours", () => {
  test.each<[string, string, string]>([
    ["no end", event(chunk({ content: "Half" })), "The model stopped partway through its answer."],
    ["nothing at all", "", "The model stopped partway through its answer."],
    [
      "a tool call that is none",
      event(chunk({ content: "I call." })) + event(chunk({}, "tool_calls")) + done,
      "The model announced a tool call but didn't make it.",
    ],
  ])("%s", async (_, text, message) => {
    const answer = await passed(stream(text));
    expect(answer.status).toBe(200);
    expect(answer.text.startsWith(text.split("\n\n")[0] ?? "")).toBe(true);
    expect(answer.text).not.toContain("[DONE]");
    expect(toldOf(answer.text)).toBe(message);
    expect(errorIn(answer.text).message).not.toMatch(repeated);
  });

  test.each<[string, Delta, string]>([
    ["an answer", { content: "Hi" }, "stop"],
    ["a tool call", call, "tool_calls"],
  ])("%s that is only marked as done is given its reason", async (_, delta, reason) => {
    const { text } = await passed(stream(event(chunk(delta)) + done));
    expect(text).toContain(`"finish_reason":"${reason}"`);
    expect(text.endsWith(done)).toBe(true);
  });

  test("a reason that OpenCode does not know becomes one that it knows", async () => {
    const { text } = await passed(stream(event(chunk({ content: "Hi" })) + event(chunk({}, "eos")) + done));
    expect(text).toBe(event(chunk({ content: "Hi" })) + event(chunk({}, "stop")) + done);
  });
});

describe("a connection that breaks", () => {
  const broken = (text: string) => {
    let isTold = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (isTold) controller.error(new Error("read ECONNRESET"));
        else controller.enqueue(new TextEncoder().encode(text));
        isTold = true;
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };

  test("in mid-answer is said, in words after which OpenCode asks again", async () => {
    const { text } = await passed(broken(`${event(chunk({ content: "Half" }))}data: {"choi`));
    expect(text.startsWith(event(chunk({ content: "Half" })))).toBe(true);
    expect(errorIn(text).message).toMatch(/connection lost/i);
    expect(toldOf(text)).toBe("Connection lost partway through the model's answer.");
  });

  test("after the answer has ended breaks nothing", async () => {
    const text = event(chunk({ content: "Whole" })) + event(chunk({}, "stop"));
    expect((await passed(broken(text))).text).toBe(text);
  });
});

test("what is put right is put right in every kind of answer", async () => {
  const said = "<think>Hm</think>Hi";
  const whole = { choices: [{ index: 0, message: { content: said }, finish_reason: "stop" }] };
  const streamed = stream(event(chunk({ content: said })) + done);
  for (const answer of [streamed, Response.json(whole)]) {
    const { text } = await passed(answer);
    expect(text).toContain('{"reasoning_content":"Hm"}');
    expect(text).toContain('{"content":"Hi"}');
    expect(text).not.toContain("think>");
  }
});

test("tool calls that share an id are told apart, also where most bytes are not looked at", async () => {
  const begin = (index: number) => ({ index, id: "c", function: { name: "bash", arguments: "" } });
  const pieces = [
    begin(0),
    { index: 0, function: { arguments: "{}" } },
    begin(1),
    { index: 1, id: "c", function: { arguments: "" } },
  ];
  const events = [
    event(chunk({ role: "assistant", content: "" })),
    ...pieces.map((piece) => event(chunk({ tool_calls: [piece] }))),
    event(chunk({}, "tool_calls")),
    done,
  ];
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const next = events.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(next));
    },
  });
  const { text } = await passed(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  expect(text.match(/"id":"(?!chatcmpl)[^"]*"/g)).toEqual(['"id":"c"', '"id":"000000001"', '"id":"000000001"']);
});

describe("an error in the middle of a stream", () => {
  test("is the last thing passed on, and without any key", async () => {
    const error = { message: `Key ${key} exploded.`, code: "boom", trace: "at /srv/model.py:3" };
    const { text } = await passed(
      stream(event(chunk({ content: "Going" })) + event({ error }) + event(chunk({}, "stop"))),
    );
    expect(text).not.toContain(key);
    expect(text).not.toContain("/srv");
    expect(text).not.toContain('"stop"');
    expect(toldOf(text)).toBe("The model provider returned an error: Key [redacted] exploded.");
  });

  test.each<[string, unknown, string]>([
    ["a fault", { message: "Exploded.", code: 500 }, "The model keeps failing: Exploded."],
    ["a limit", { message: "Slow.", code: 429 }, "The model provider is limiting requests: Slow."],
    [
      "a limit in words",
      { message: "Rate limit reached." },
      "The model provider is limiting requests: Rate limit reached.",
    ],
    ["plain words", "Exploded.", "The model provider returned an error: Exploded."],
  ])("tells %s for what it is", async (_, error, message) => {
    expect(toldOf((await passed(stream(event({ error })))).text)).toBe(message);
  });
});

describe("everything else passes as it is", () => {
  test.each<[string, string]>([
    [
      "an answer",
      event(chunk({ content: "Grüße" })) + event(chunk({}, "stop")) + event({ choices: [], usage: {} }) + done,
    ],
    ["a tool call", event(chunk(call)) + event(chunk({}, "tool_calls")) + done],
    ["an answer cut at its length", event(chunk({ content: "Hi" })) + event(chunk({}, "length")) + done],
    ["one that does not say it is done", event(chunk({ content: "Hi" })) + event(chunk({}, "stop"))],
    ["signs of life", `: working\n\n${event(chunk({}, "stop"))}`],
  ])("%s", async (_, text) => {
    expect((await passed(stream(text))).text).toBe(text);
  });

  test("whatever the pieces are", async () => {
    const text = event(chunk({ content: "Grüße" })) + event(chunk({}, "stop")) + done;
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const answer = new Response(body, { headers: { "content-type": "text/event-stream" } });
    expect((await passed(answer)).text).toBe(text);
  });
});

describe("bytes in which nothing tells pass untouched, and what tells is found behind them", () => {
  const text = (content: string) => event(chunk({ content }));

  test("what a model writes about errors and ends is no error and no end", async () => {
    const words = '{"error":"boom"} "finish_reason":"stop" [DONE';
    const whole = text("a") + text(words) + text("b") + event(chunk({}, "stop")) + done;
    expect((await passed(stream(whole))).text).toBe(whole);
  });

  test("an error behind many chunks in the same piece loses its keys", async () => {
    const { text: told } = await passed(stream(text("a") + text("b").repeat(50) + event({ error: `Key ${key}.` })));
    expect(told.startsWith(text("a") + text("b").repeat(50))).toBe(true);
    expect(told).not.toContain(key);
  });

  test("a call behind plain chunks is known when the end comes", async () => {
    const source = new TransformStream<Uint8Array, Uint8Array>();
    const writer = source.writable.getWriter();
    const pieces = [text("a"), text("b"), event(chunk(call)), text("c"), event(chunk({}, "tool_calls")) + done];
    void (async () => {
      for (const piece of pieces) await writer.write(new TextEncoder().encode(piece));
      await writer.close();
    })();
    const answer = new Response(source.readable, { headers: { "content-type": "text/event-stream" } });
    expect((await passed(answer)).text).toBe(pieces.join(""));
  });
});
