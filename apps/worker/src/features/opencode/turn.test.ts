import { ThreadId } from "@threadbox/contracts/ids";
import type { TurnStep } from "@threadbox/contracts/live";
import { validParts } from "@threadbox/contracts/restarted-part";
import { readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { Deferred, Effect, Fiber } from "effect";
import * as TestClock from "effect/testing/TestClock";
import { describe, expect, test } from "vitest";
import { SandboxUnavailableError } from "../sandbox/errors.ts";
import { recordings } from "./all-recordings.testing.ts";
import { OpenCodeDouble } from "./opencode-double.testing.ts";
import type { TurnOutcome } from "./run.ts";
import { runTurn, type TurnPlan } from "./turn.ts";
import type { OpenCodeEvent } from "./wire.ts";

const threadId = ThreadId.make("thread0123456789abcd");
const promptId = "msg_000000000001prompt";

interface Playing {
  readonly double: OpenCodeDouble;
  readonly chunks: UIMessageChunk[];
  readonly steps: TurnStep[];
  readonly stop: Deferred.Deferred<void>;
  readonly plan: TurnPlan;
  onTold: () => void;
}

const begin = async (
  text: string,
  double = new OpenCodeDouble(recordings),
  more: Partial<TurnPlan> = {},
): Promise<Playing> => {
  const chunks: UIMessageChunk[] = [];
  const steps: TurnStep[] = [];
  const sandbox = double.sandbox(threadId);
  if (double.sessions.size === 0) await Effect.runPromise(sandbox.fetch("/session", { method: "POST" }));
  const stop = Deferred.makeUnsafe<void>();
  const plan: TurnPlan = {
    sandbox,
    sessionId: "ses_1",
    promptId,
    text,
    recap: null,
    ask: null,
    mayBePrompted: false,
    stop: Deferred.await(stop),
    listener: {
      tell: (more) => {
        chunks.push(...more);
        playing.onTold();
      },
      show: (step) => {
        if (steps.at(-1) !== step) steps.push(step);
      },
    },
    ...more,
  };
  const playing: Playing = { double, chunks, steps, stop, plan, onTold: () => {} };
  return playing;
};

const run = ({ plan }: Playing): Promise<TurnOutcome> => Effect.runPromise(runTurn(plan));

const heard = async (chunks: readonly UIMessageChunk[]): Promise<UIMessage["parts"]> => {
  const stream = new ReadableStream<UIMessageChunk>({
    start(controller) {
      for (const chunk of [{ type: "start" as const, messageId: "m" }, ...chunks]) controller.enqueue(chunk);
      controller.close();
    },
  });
  let parts: UIMessage["parts"] = [];
  for await (const message of readUIMessageStream({ stream, terminateOnError: true })) parts = message.parts;
  return parts;
};

/** Ends once this text has been told. */
const told = (playing: Playing, text: string): Promise<void> =>
  new Promise((done) => {
    const look = () => {
      const said = playing.chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("");
      if (said.includes(text)) done();
      else playing.onTold = look;
    };
    look();
  });

type AnyPart = { readonly type: string; readonly text?: string };
const textOf = (parts: readonly AnyPart[]): string =>
  parts.map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
const isDelta = (event: OpenCodeEvent): boolean => event.type === "message.part.delta";
const whole = "Hello there, this is a plain answer.\n\nWith a second paragraph and trailing space.  \n";

describe("a turn", () => {
  test("is prompted once and settles with what OpenCode wrote", async () => {
    const playing = await begin("tools");
    const outcome = await run(playing);
    expect(outcome.state).toBe("settled");
    expect(textOf(outcome.parts)).toBe("I write a file first.The file is there and it counted to four.");
    expect(textOf((await heard(playing.chunks)) as AnyPart[])).toBe(textOf(outcome.parts));
    expect(playing.double.calls.filter((call) => call === "prompt tools")).toHaveLength(1);
  });

  test("fails with what the model said when it refuses", async () => {
    const outcome = await run(await begin("refused"));
    expect(outcome).toMatchObject({
      state: "failed",
      error: { _tag: "UpstreamError", message: "The model provider returned an error: This model does not exist." },
    });
  });

  test.each([
    ["empty", "UpstreamError", "The model returned an empty answer.", ""],
    ["length", "AnswerIncomplete", "The answer reached the model's length limit.", "Cut off mid"],
    ["unusable", "UpstreamError", "It ended too early.", "Half of an ans"],
    ["nofinish", "UpstreamError", "Stopped: the model kept looping.", "A clean end.".repeat(3)],
  ])("fails with clear words after an answer that is %s", async (name, tag, message, text) => {
    const playing = await begin(name);
    const outcome = await run(playing);
    expect(outcome).toMatchObject({ state: "failed", error: { _tag: tag, message } });
    expect(textOf(outcome.parts)).toBe(text);
  });

  test("whose command OpenCode refuses fails at once", async () => {
    const playing = await begin("!text", undefined, {
      sessionId: "ses_none",
      ask: { kind: "shell", command: "text" },
    });
    expect(await run(playing)).toMatchObject({ state: "failed", error: { _tag: "UpstreamError" } });
  });

  test("whose call for a command breaks off is looked for in its session, and nothing is run twice", async () => {
    const double = new OpenCodeDouble(recordings);
    const real = double.sandbox(threadId);
    const sandbox: typeof real = {
      ...real,
      fetch: (path, init) =>
        path.includes("/command")
          ? Effect.andThen(real.fetch(path, init), Effect.fail(new SandboxUnavailableError({ reason: "broken off" })))
          : real.fetch(path, init),
    };
    const ask = { kind: "command", command: "review", arguments: "text" } as const;
    const outcome = await run(await begin("/review text", double, { sandbox, ask }));
    expect([outcome.state, textOf(outcome.parts)]).toEqual(["settled", whole]);
    expect(double.calls.filter((call) => call.includes("/command"))).toHaveLength(1);
  });

  test("takes what OpenCode's page asked as it was asked, but for the model", async () => {
    const double = new OpenCodeDouble(recordings);
    const real = double.sandbox(threadId);
    const bodies: unknown[] = [];
    const sandbox: typeof real = {
      ...real,
      fetch: (path, init) => {
        if (path.includes("/prompt_async")) bodies.push(JSON.parse(String(init?.body)));
        return real.fetch(path, init);
      },
    };
    const file = { type: "file", mime: "text/plain", url: "file:///workspace/a.txt", filename: "a.txt" };
    const parts = [file, { type: "text", text: "text" }];
    await run(await begin("text", double, { sandbox, ask: { kind: "prompt", parts, agent: "plan" } }));
    const model = { providerID: "threadbox", modelID: expect.any(String) };
    expect(bodies).toEqual([{ messageID: promptId, agent: "plan", model, parts }]);
  });

  test.each([
    ["broken", "Half "],
    ["cuts", "Half of an "],
  ])("keeps of an answer that was begun again (%s) the last beginning only", async (name, text) => {
    const playing = await begin(name);
    const laps = () => playing.chunks.filter(({ type }) => type === "data-restarted").length;
    const outcome = run(playing);
    await new Promise<void>((done) => {
      playing.onTold = () => {
        if (laps() === 2) done();
      };
    });
    await Effect.runPromise(Deferred.succeed(playing.stop, undefined));
    expect((await outcome).state).toBe("interrupted");
    expect(textOf((await outcome).parts)).toBe(text);
    expect(validParts(await heard(playing.chunks)).filter(({ type }) => type === "text")).toHaveLength(1);
  });

  test("shows that the model is tried again and settles when it answers", async () => {
    const playing = await begin("retry");
    const outcome = await run(playing);
    expect(outcome.state).toBe("settled");
    expect(playing.steps).toEqual(["model", "retrying", "model"]);
  });

  test("loses and doubles nothing when the stream is cut in the middle of the text", async () => {
    const double = new OpenCodeDouble(recordings);
    let deltas = 0;
    double.playTo = (event) => isDelta(event) && ++deltas === 4;
    const playing = await begin("text", double);
    const outcome = run(playing);
    await double.called("prompt text");
    double.cut();
    await double.called("GET /event", 2);
    await double.called("GET /session/ses_1/message");
    double.play();
    expect(textOf((await outcome).parts)).toBe(whole);
    expect(textOf((await heard(playing.chunks)) as AnyPart[])).toBe(whole);
  });

  test("ends although the end was missed", async () => {
    const double = new OpenCodeDouble(recordings);
    double.playTo = isDelta;
    const playing = await begin("text", double);
    const outcome = run(playing);
    await double.called("prompt text");
    double.cut();
    double.play();
    expect(await outcome).toMatchObject({ state: "settled" });
    expect(textOf((await heard(playing.chunks)) as AnyPart[])).toBe(whole);
  });

  test("that runs already is followed and not prompted again", async () => {
    const double = new OpenCodeDouble(recordings);
    double.playTo = isDelta;
    const first = await begin("text", double);
    const interrupted = Effect.runFork(runTurn(first.plan));
    await double.called("prompt text");
    await Effect.runPromise(Fiber.interrupt(interrupted));
    const second = await begin("text", double, { mayBePrompted: true });
    const outcome = run(second);
    await double.called("GET /session/status");
    double.play();
    expect(textOf((await outcome).parts)).toBe(whole);
    expect(textOf((await heard(second.chunks)) as AnyPart[])).toBe(whole);
    expect(double.calls.filter((call) => call.startsWith("prompt "))).toHaveLength(1);
  });

  test("that is followed anew goes on from the text that was heard before", async () => {
    const double = new OpenCodeDouble(recordings);
    double.playTo = isDelta;
    const first = await begin("text", double);
    const interrupted = Effect.runFork(runTurn(first.plan));
    await told(first, "Hello ");
    await Effect.runPromise(Fiber.interrupt(interrupted));
    const open = first.chunks.find((chunk) => chunk.type === "text-start");
    const heardBefore = new Map([[open?.type === "text-start" ? open.id : "", "Hello "]]);
    const second = await begin("text", double, { mayBePrompted: true, heard: heardBefore });
    const outcome = run(second);
    await double.called("GET /session/status");
    await told(second, "Hello ");
    double.play();
    expect(textOf((await outcome).parts)).toBe(whole);
    expect(textOf((await heard(second.chunks)) as AnyPart[])).toBe(whole);
  });

  test("whose prompt never arrived is prompted", async () => {
    const playing = await begin("text", new OpenCodeDouble(recordings), { mayBePrompted: true });
    expect(await run(playing)).toMatchObject({ state: "settled" });
    expect(playing.double.calls).toContain("prompt text");
  });

  test("fails and keeps what was written when its sandbox goes", async () => {
    const double = new OpenCodeDouble(recordings);
    let deltas = 0;
    double.playTo = (event) => isDelta(event) && ++deltas === 2;
    const playing = await begin("text", double);
    const outcome = run(playing);
    await double.called("prompt text");
    double.die();
    expect(await outcome).toMatchObject({ state: "failed", error: { _tag: "SandboxInterrupted" } });
    expect(textOf((await outcome).parts)).toBe("Hello there, ");
  });
});

describe("an interrupted turn", () => {
  test.each(["aborttext", "abortbash"])("keeps what %s had written", async (name) => {
    const playing = await begin(name);
    const outcome = run(playing);
    await playing.double.called(`prompt ${name}`);
    await Effect.runPromise(Deferred.succeed(playing.stop, undefined));
    expect((await outcome).state).toBe("interrupted");
    const expected = name === "aborttext" ? "a b c d e f g h i j " : "Now I sleep.";
    expect(textOf((await outcome).parts)).toBe(expected);
    expect(await heard(playing.chunks)).toHaveLength((await outcome).parts.length);
    expect(playing.steps.at(-1)).toBe("stopping");
  });

  test.each([
    ["aborttext", "j "],
    ["abortbash", "Now I sleep."],
  ])("is interrupted in OpenCode, and over, with no moment waited for (%s)", async (name, lastWords) => {
    const playing = await begin(name);
    // No time passes, so nothing that a clock starts happens.
    const turn = Effect.provide(runTurn(playing.plan), TestClock.layer());
    const outcome = Effect.runPromise(turn);
    await told(playing, lastWords);
    const before = playing.double.calls.length;
    await Effect.runPromise(Deferred.succeed(playing.stop, undefined));
    expect((await outcome).state).toBe("interrupted");
    expect(playing.double.calls[before]).toBe("POST /session/ses_1/abort");
  });

  test("is interrupted in OpenCode although the prompt is still to be answered", async () => {
    const double = new OpenCodeDouble(recordings);
    double.silent.add("/prompt_async");
    const playing = await begin("text", double);
    const turn = Effect.runFork(runTurn(playing.plan));
    await double.called("/prompt_async");
    await Effect.runPromise(Deferred.succeed(playing.stop, undefined));
    await double.called("POST /session/ses_1/abort");
    await Effect.runPromise(Fiber.interrupt(turn));
  });

  test("ends at once when OpenCode was not prompted yet", async () => {
    const double = new OpenCodeDouble(recordings);
    double.silent.add("/event");
    const playing = await begin("text", double);
    const outcome = run(playing);
    await double.called("GET /event");
    await Effect.runPromise(Deferred.succeed(playing.stop, undefined));
    expect(await outcome).toMatchObject({ state: "interrupted", parts: [] });
    expect(double.calls).not.toContain("prompt text");
  });
});

describe("time", () => {
  /** Runs with a clock of its own; `act` moves it. */
  const timed = (playing: Playing, act: Effect.Effect<void>): Promise<TurnOutcome> =>
    Effect.runPromise(
      Effect.gen(function* () {
        const turn = yield* Effect.forkChild(runTurn(playing.plan));
        yield* act;
        return yield* Fiber.join(turn);
      }).pipe(Effect.provide(TestClock.layer())),
    );
  const pass = (seconds: number) =>
    Effect.forEach(Array.from({ length: seconds * 4 }), () =>
      Effect.andThen(
        TestClock.adjust("250 millis"),
        Effect.promise(() => new Promise((done) => setImmediate(done))),
      ),
    );

  test("silence on the stream is taken for its loss, and repaired from the stored messages", async () => {
    const double = new OpenCodeDouble(recordings);
    double.playTo = isDelta;
    const playing = await begin("text", double);
    const outcome = await timed(
      playing,
      Effect.gen(function* () {
        yield* Effect.promise(() => double.called("prompt text"));
        double.fallSilent();
        double.play();
        yield* pass(30);
      }),
    );
    expect(outcome.state).toBe("settled");
    expect(textOf((await heard(playing.chunks)) as AnyPart[])).toBe(whole);
  });

  test("a sandbox that answers nothing any more is shown as being reconnected within half a minute", async () => {
    const double = new OpenCodeDouble(recordings);
    double.playTo = isDelta;
    const playing = await begin("text", double);
    const outcome = await timed(
      playing,
      Effect.gen(function* () {
        yield* Effect.promise(() => double.called("prompt text"));
        for (const path of ["/event", "/session"]) double.silent.add(path);
        double.fallSilent();
        yield* pass(32);
        expect(playing.steps.at(-1)).toBe("reconnecting");
        double.silent.clear();
        double.play();
        yield* pass(10);
      }),
    );
    expect(outcome.state).toBe("settled");
    expect(textOf((await heard(playing.chunks)) as AnyPart[])).toBe(whole);
  });

  test("a model that only refuses is given up after a while, and OpenCode is told", async () => {
    const playing = await begin("storm");
    const outcome = await timed(
      playing,
      Effect.gen(function* () {
        yield* Effect.promise(() => playing.double.called("prompt storm"));
        yield* pass(70);
      }),
    );
    expect(outcome).toMatchObject({
      state: "failed",
      error: { _tag: "UpstreamError", message: "The model keeps failing: Broken." },
    });
    expect(playing.double.calls).toContain("POST /session/ses_1/abort");
  });

  test("a sandbox that does not answer for a minute fails the turn", async () => {
    const double = new OpenCodeDouble(recordings);
    double.silent.add("/event");
    const outcome = await timed(await begin("text", double), Effect.asVoid(pass(70)));
    expect(outcome).toMatchObject({ state: "failed", error: { _tag: "SandboxUnavailable" } });
  });
});
