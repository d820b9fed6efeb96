import { ThreadId } from "@threadbox/contracts/ids";
import { Deferred, Effect, Fiber } from "effect";
import * as TestClock from "effect/testing/TestClock";
import { describe, expect, test } from "vitest";
import { recordings } from "./all-recordings.testing.ts";
import { answerBytesMax } from "./bounds.ts";
import { makeOpenCodeClient } from "./client.ts";
import { OpenCodeDouble } from "./opencode-double.testing.ts";
import { runTurn } from "./turn.ts";

const threadId = ThreadId.make("thread0123456789abcd");
const promptId = "msg_000000000001prompt";
const sessionID = "ses_1";
const bytesOf = (text: string) => new TextEncoder().encode(text);
const eventOf = (event: unknown) => `data: ${JSON.stringify(event)}\n\n`;

/** A body that never ends: each read makes the next piece. */
const endless = (piece: (count: number) => string, onRead: () => void = () => {}) => {
  let count = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        onRead();
        controller.enqueue(bytesOf(piece(count++)));
      },
    },
    { highWaterMark: 0 },
  );
};

const connected = eventOf({ type: "server.connected", properties: {} });
const messageOf = (id: string) =>
  eventOf({
    type: "message.updated",
    properties: { sessionID, info: { id, role: "assistant", parentID: promptId, time: { created: 2 } } },
  });
const partOf = (id: string, text: string) =>
  eventOf({
    type: "message.part.updated",
    properties: { sessionID, part: { id, messageID: "msg_1", type: "text", text, time: { start: 1, end: 2 } } },
  });

/** The stream of events as a program in OpenCode's place sends it, once it has been prompted. */
const programs: Readonly<Record<string, (count: number) => string>> = {
  "a line without an end": () => "x".repeat(64 * 1024),
  "JSON nested 100,000 deep": () => `data: {"type":"session.error","properties":${"[".repeat(100_000)}}\n\n`,
  "a flood of events": () => eventOf({ type: "server.heartbeat", properties: {} }).repeat(500),
  "thousands of parts": (count) =>
    messageOf("msg_1") + Array.from({ length: 100 }, (_, part) => partOf(`prt_${count}_${part}`, "x")).join(""),
  "parts of many megabytes": (count) => messageOf("msg_1") + partOf(`prt_${count}`, "x".repeat(3 * 1024 * 1024)),
};

/** OpenCode's double whose stream of events is this. */
const behind = (events: () => ReadableStream<Uint8Array>) => {
  const double = new OpenCodeDouble(recordings);
  const sandbox = double.sandbox(threadId);
  const fetch: typeof sandbox.fetch = (path, init) =>
    path.startsWith("/event") ? Effect.succeed(new Response(events())) : sandbox.fetch(path, init);
  return { double, sandbox: { ...sandbox, fetch } };
};

const planOf = async (sandbox: ReturnType<typeof behind>["sandbox"], stop: Effect.Effect<void> = Effect.never) => {
  await Effect.runPromise(sandbox.fetch("/session", { method: "POST" }));
  const listener = { tell: () => {}, show: () => {} };
  return {
    sandbox,
    sessionId: sessionID,
    promptId,
    text: "text",
    recap: null,
    ask: null,
    mayBePrompted: false,
    stop,
    listener,
  };
};

describe("a program in OpenCode's place that sends too much ends its turn in plain words", () => {
  test.each(Object.entries(programs))("%s", async (_, program) => {
    const { double, sandbox } = behind(() => endless((count) => (count === 0 ? connected : program(count))));
    double.playTo = () => true;
    const plan = await planOf(sandbox);
    const outcome = await Effect.gen(function* () {
      const turn = yield* Effect.forkChild(runTurn(plan));
      while (turn.pollUnsafe() === undefined) {
        yield* TestClock.adjust("250 millis");
        yield* Effect.promise(() => new Promise<void>((done) => setImmediate(done)));
      }
      return yield* Fiber.join(turn);
    }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise);
    expect(outcome.state).toBe("failed");
    expect(outcome.error).toMatchObject({
      _tag: "AnswerIncomplete",
      message: expect.stringMatching(/^The turn was stopped because of what its sandbox sent: /),
    });
  });
});

test("what comes too fast is not read any more", async () => {
  let reads = 0;
  const flood = programs["a flood of events"] ?? (() => "");
  const events = () =>
    endless(
      (count) => (count === 0 ? connected : flood(count)),
      () => {
        reads += 1;
      },
    );
  const stop = Deferred.makeUnsafe<void>();
  const { sandbox } = behind(events);
  const plan = await planOf(sandbox, Deferred.await(stop));
  const turn = Effect.runPromise(runTurn(plan));
  await expect.poll(() => reads).toBeGreaterThanOrEqual(8);
  Deferred.doneUnsafe(stop, Effect.void);
  expect((await turn).state).toBe("interrupted");
  expect(reads).toBeLessThan(40);
});

test("an answer past its bound is refused, and the rest of it is not read", async () => {
  let pieces = 0;
  const { sandbox } = behind(() => endless(() => ""));
  const client = makeOpenCodeClient({
    ...sandbox,
    fetch: () =>
      Effect.succeed(
        new Response(
          endless(
            () => "x".repeat(1024 * 1024),
            () => {
              pieces += 1;
            },
          ),
        ),
      ),
  });
  const failure = await Effect.runPromise(Effect.flip(client.status(sessionID)));
  expect(failure).toMatchObject({ _tag: "OpenCodeExcessError", excess: "answer" });
  expect(pieces).toBeLessThanOrEqual(answerBytesMax / (1024 * 1024) + 2);
});
