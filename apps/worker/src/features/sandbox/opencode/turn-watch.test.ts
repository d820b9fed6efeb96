import { describe, expect, test } from "vitest";
import { markModelRefusal } from "./model-refusal.ts";
import { emptyLog, type TurnLog, withEvent } from "./turn-log.ts";
import { beginWatch, nextMove, verdictOf, type Watch, withProgress, withStatus } from "./turn-watch.ts";

const begun: Watch = { ...beginWatch(0), lostSince: null };
const empty = emptyLog("msg_p");

const logWith = (facts: { completed?: number; error?: { name: string; data?: { message?: string } } }): TurnLog => {
  const time = { created: 2, ...(facts.completed === undefined ? {} : { completed: facts.completed }) };
  const error = facts.error === undefined ? {} : { error: facts.error };
  const info = { id: "msg_a", role: "assistant" as const, parentID: "msg_p", time, ...error };
  return withEvent(empty, { type: "message.updated", properties: { sessionID: "s", info } });
};

describe("a model that refuses", () => {
  const retry = (attempt: number, message: string, next: number, now: number, watch = begun) =>
    withStatus(watch, { type: "retry", attempt, message, next }, now);

  test("is tried again for a minute", () => {
    const watch = retry(2, "Overloaded", 10_000, 1_000);
    expect(nextMove(watch, empty, 60_999).kind).not.toBe("fail");
    expect(nextMove(watch, empty, 61_000)).toMatchObject({ kind: "fail", error: { _tag: "UpstreamError" } });
  });

  test("is given up after six attempts", () => {
    expect(nextMove(retry(6, "Overloaded", 2_000, 1_000), empty, 1_001)).toMatchObject({ kind: "fail" });
  });

  test("that asks to wait for longer than that is believed at once", () => {
    const message = markModelRefusal("Later", { kind: "limit", waitSeconds: 300 });
    expect(nextMove(retry(1, message, 301_000, 1_000), empty, 1_000)).toMatchObject({
      kind: "fail",
      error: { _tag: "RateLimited", message: "The model is limiting requests: Later. It asks to wait 5 minutes." },
    });
  });

  test("in the middle of its answer is understood by its words", () => {
    expect(nextMove(retry(6, "Rate limit reached!", 2_000, 1_000), empty, 1_000)).toMatchObject({
      error: { _tag: "RateLimited", message: "The model is limiting requests: Rate limit reached!" },
    });
  });

  test("and writes again is forgiven", () => {
    expect(nextMove(withProgress(retry(5, "Overloaded", 2_000, 0)), empty, 9_000).kind).toBe("wait");
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
