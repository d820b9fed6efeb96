import { describe, expect, test } from "vitest";
import { markModelRefusal } from "./model-refusal.ts";
import { emptyLog, type TurnLog, withEvent } from "./turn-log.ts";
import { beginWatch, nextMove, verdictOf, type Watch, withProgress, withStatus } from "./turn-watch.ts";

const begun: Watch = { ...beginWatch(0), lostSince: null };
const empty = emptyLog("msg_p");

interface Facts {
  readonly completed?: number;
  readonly finish?: string;
  readonly error?: { name: string; data?: { message?: string } };
}

const withAnswer = (log: TurnLog, id: string, { completed, ...facts }: Facts, tools = 0): TurnLog => {
  const time = { created: 2, ...(completed === undefined ? {} : { completed }) };
  const info = { id, role: "assistant" as const, parentID: "msg_p", time, ...facts };
  let next = withEvent(log, { type: "message.updated", properties: { sessionID: "s", info } });
  const state = { status: "completed" as const, input: {}, output: "" };
  const text = { id: `${id}_0`, messageID: id, type: "text" as const, text: "Hello.", time: { start: 1, end: 2 } };
  next = withEvent(next, { type: "message.part.updated", properties: { sessionID: "s", part: text } });
  for (let tool = 1; tool <= tools; tool += 1) {
    const part = { id: `${id}_${tool}`, messageID: id, type: "tool" as const, tool: "bash", callID: "c", state };
    next = withEvent(next, { type: "message.part.updated", properties: { sessionID: "s", part } });
  }
  return next;
};

const logWith = (facts: Facts): TurnLog => withAnswer(empty, "msg_a", facts);

/** A turn of so many answers, with tool calls in those of which `hasTool` says so. */
const steps = (count: number, hasTool: (step: number) => boolean): TurnLog =>
  Array.from({ length: count }).reduce<TurnLog>((log, _, step) => {
    const id = `msg_a${String(step).padStart(4, "0")}`;
    return withAnswer(log, id, { completed: 3, finish: "unknown" }, hasTool(step) ? 1 : 0);
  }, empty);

describe("a prompt that OpenCode can't keep", () => {
  const faulty = (message: string): TurnLog =>
    withEvent(empty, {
      type: "session.error",
      properties: { sessionID: "s", error: { name: "UnknownError", data: { message } } },
    });

  test("because of a picture ends the turn at once, with words and without a trace of OpenCode's code", () => {
    const log = faulty("ImageDecodeError: Image could not be decoded\n    at catch (/$bunfs/root/chunk.js:1:1)");
    expect(nextMove(begun, log, 1).kind).toBe("end");
    expect(verdictOf(begun, log)).toMatchObject({
      state: "failed",
      error: { _tag: "ValidationError", message: expect.stringMatching(/^A picture that goes with this message/) },
    });
  });

  test("whatever else an error before it is of, it may be of the turn before", () => {
    expect(nextMove(begun, faulty("Aborted"), 1).kind).toBe("wait");
  });
});

describe("a model that refuses", () => {
  const retry = (attempt: number, message: string, next: number, now: number, watch = begun) =>
    withStatus(watch, { type: "retry", attempt, message, next }, now);

  test("is tried again for a minute", () => {
    const watch = retry(2, "Overloaded", 10_000, 1_000);
    expect(nextMove(watch, empty, 60_999).kind).not.toBe("fail");
    expect(nextMove(watch, empty, 61_000)).toMatchObject({ kind: "fail", error: { _tag: "UpstreamError" } });
  });

  test("with an answer that is none is not tried again, not even once", () => {
    const message = JSON.stringify({ message: markModelRefusal("No.", { kind: "unusable", waitSeconds: null }) });
    expect(nextMove(retry(1, message, 2_000, 1_000), empty, 1_000)).toMatchObject({
      kind: "fail",
      error: { _tag: "UpstreamError", message: "No." },
    });
  });

  test("is given up after six attempts", () => {
    expect(nextMove(retry(6, "Overloaded", 2_000, 1_000), empty, 1_001)).toMatchObject({ kind: "fail" });
  });

  test("that asks to wait for longer than that is believed at once", () => {
    const message = markModelRefusal("Later", { kind: "limit", waitSeconds: 300 });
    expect(nextMove(retry(1, message, 301_000, 1_000), empty, 1_000)).toMatchObject({
      kind: "fail",
      error: {
        _tag: "RateLimited",
        message: "The model provider is limiting requests: Later. Try again in 5 minutes.",
      },
    });
  });

  test("in the middle of its answer is understood by its words", () => {
    expect(nextMove(retry(6, "Rate limit reached!", 2_000, 1_000), empty, 1_000)).toMatchObject({
      error: { _tag: "RateLimited", message: "The model provider is limiting requests: Rate limit reached!" },
    });
  });

  test("and writes again is forgiven", () => {
    expect(nextMove(withProgress(retry(5, "Overloaded", 2_000, 0)), empty, 9_000).kind).toBe("wait");
  });
});

test("a connection that breaks twice in mid-answer is given up after the second time", () => {
  const words = "Connection lost partway through the model's answer.";
  const message = JSON.stringify({ message: markModelRefusal(words, { kind: "broken", waitSeconds: null }) });
  const retry = (attempt: number) => withStatus(begun, { type: "retry", attempt, message, next: 2_000 }, 0);
  expect(nextMove(retry(1), empty, 1_000).kind).toBe("wait");
  expect(nextMove(retry(2), empty, 1_000)).toMatchObject({
    kind: "fail",
    error: { _tag: "UpstreamError", message: words },
  });
});

describe("a turn that waits for a tool", () => {
  const withTool = (log: TurnLog, id: string, tool: string, status: "pending" | "running"): TurnLog =>
    withEvent(log, {
      type: "message.part.updated",
      properties: {
        sessionID: "s",
        part: { id, messageID: "msg_a", type: "tool", tool, callID: id, state: { status, input: {} } },
      },
    });
  const answer = logWith({});

  test.each(["read", "write", "edit", "grep"])("of files is given up after a minute without news: %s", (tool) => {
    const log = withTool(answer, "t1", tool, "running");
    expect(nextMove(begun, log, 59_999).kind).toBe("ask");
    expect(nextMove(begun, log, 60_000)).toMatchObject({
      kind: "fail",
      error: { message: `The tool ${tool} made no progress for a minute, so the turn was stopped.` },
    });
  });

  test.each([
    ["a command", withTool(answer, "t1", "bash", "running")],
    ["a file tool beside a command", withTool(withTool(answer, "t1", "read", "running"), "t2", "bash", "running")],
    ["a call that is still being written", withTool(answer, "t1", "write", "pending")],
    ["the model", answer],
  ])("is not given up then where it waits for %s", (_, log) => {
    expect(nextMove(begun, log, 60_000).kind).toBe("ask");
  });
});

describe("a turn of which nothing is heard", () => {
  test("is asked about after ten seconds", () => {
    expect(nextMove(begun, empty, 9_999).kind).toBe("wait");
    expect(nextMove(begun, empty, 10_000).kind).toBe("ask");
  });

  test("is given up after a quarter of an hour", () => {
    expect(nextMove(begun, empty, 900_000)).toMatchObject({ kind: "fail", error: { _tag: "UpstreamTimeout" } });
  });

  test("that cannot be reached is given up a minute after its last sign", () => {
    const lost = { ...begun, lostSince: 25_000 };
    expect(nextMove(lost, empty, 59_999).kind).toBe("wait");
    expect(nextMove(lost, empty, 60_000)).toMatchObject({ kind: "give up", error: { _tag: "SandboxUnavailable" } });
  });
});

describe("a turn that calls the model again and again", () => {
  test("fails after the third answer in a row that neither ends it nor calls a tool", () => {
    expect(
      nextMove(
        begun,
        steps(2, () => false),
        1,
      ).kind,
    ).toBe("wait");
    expect(
      nextMove(
        begun,
        steps(3, () => false),
        1,
      ),
    ).toMatchObject({
      kind: "fail",
      error: { _tag: "UpstreamError", message: "Stopped: the model kept looping." },
    });
  });

  test("may do so as long as tools are called in between", () => {
    expect(
      nextMove(
        begun,
        steps(60, (step) => step % 3 === 2),
        1,
      ).kind,
    ).toBe("wait");
    expect(
      nextMove(
        begun,
        steps(60, (step) => step < 57),
        1,
      ).kind,
    ).toBe("fail");
  });

  test("fails after 200 calls whatever they bring, and can be continued", () => {
    expect(
      nextMove(
        begun,
        steps(199, () => true),
        1,
      ).kind,
    ).toBe("wait");
    expect(
      nextMove(
        begun,
        steps(200, () => true),
        1,
      ),
    ).toMatchObject({
      kind: "fail",
      error: { _tag: "AnswerIncomplete" },
    });
  });

  test("ends as it is once its session is idle", () => {
    expect(
      nextMove(
        { ...begun, idleSince: 1 },
        steps(3, () => false),
        2,
      ).kind,
    ).toBe("end");
  });
});

describe("the end of a turn", () => {
  const idle = { ...begun, idleSince: 1_000 };

  test("comes when the session is idle and its last answer complete", () => {
    expect(nextMove(idle, logWith({ completed: 3 }), 1_001).kind).toBe("end");
  });

  test("waits a moment for an answer that is completed after the session went idle", () => {
    expect(nextMove(idle, logWith({}), 1_001).kind).toBe("read");
    expect(nextMove(idle, logWith({}), 3_000).kind).toBe("end");
  });

  test("does not wait for ever for one that is interrupted", () => {
    expect(nextMove({ ...begun, stopSince: 0 }, logWith({}), 3_000).kind).toBe("end");
  });

  test.each([
    ["settled", begun, logWith({ completed: 3 })],
    ["interrupted", begun, logWith({ completed: 3, error: { name: "MessageAbortedError" } })],
    ["interrupted", { ...begun, stopSince: 1 }, logWith({})],
    ["interrupted", { ...begun, stopSince: 1 }, logWith({ completed: 3 })],
    ["settled", { ...begun, stopSince: 1 }, logWith({ completed: 3, finish: "stop" })],
    ["failed", begun, logWith({ completed: 3, finish: "length" })],
    ["failed", begun, logWith({})],
    ["failed", begun, empty],
  ] as const)("is %s", (state, watch, log) => {
    expect(verdictOf(watch, log).state).toBe(state);
  });

  test("that the worker brought about says why, whatever OpenCode calls it", () => {
    const error = { _tag: "RateLimited", message: "Later.", retryable: true };
    const aborted = logWith({ completed: 3, error: { name: "MessageAbortedError" } });
    expect(verdictOf({ ...begun, stopSince: 1, verdict: error }, aborted)).toEqual({ state: "failed", error });
  });
});
