import { describe, expect, test } from "vitest";
import { callIdsIn } from "./call-ids.ts";
import { field } from "./field.ts";
import { ChunkMender, firstChoice } from "./mend-chunks.ts";

type Delta = Readonly<Record<string, unknown>>;
const chunk = (delta: Delta, reason: string | null = null) => ({
  id: "c1",
  choices: [{ index: 0, delta, finish_reason: reason }],
});

/** The deltas that OpenCode gets for these, with the last chunk's reason. */
const mended = (deltas: readonly Delta[], reason = "stop", known: readonly string[] = []): readonly Delta[] => {
  const mender = new ChunkMender(() => known);
  const given = [...deltas.map((delta) => chunk(delta)), chunk({}, reason)];
  const told = given.flatMap((each) => mender.take(each) ?? [each]);
  return [...told, ...mender.end()].map((each) => field(firstChoice(each), "delta") as Delta);
};

const told = (deltas: readonly Delta[], name: string): string => deltas.map((delta) => delta[name] ?? "").join("");

/** What of this text, in pieces of so many characters, is taken for thought and what for the answer. */
const split = (text: string, length: number) => {
  const pieces = text.match(new RegExp(`[\\s\\S]{1,${length}}`, "g")) ?? [];
  const deltas = mended(pieces.map((content) => ({ content })));
  return { reasoning: told(deltas, "reasoning_content"), content: told(deltas, "content") };
};

describe("what a model thinks in its text", () => {
  test.each<[string, string, string]>([
    ["<think>Two and two.</think>\n\nFour.", "Two and two.", "Four."],
    ["\n<thinking>\nIs 1 < 2? </think> is no end.</thinking>Yes.", "Is 1 < 2? </think> is no end.", "Yes."],
    ["<think>\n\n</think>\n\nHello", "", "Hello"],
    ["<think>It never ends </thi", "It never ends </thi", ""],
    ["<think>Grüße 👋</think>Grüße <think>no</think>", "Grüße 👋", "Grüße <think>no</think>"],
  ])("is told as reasoning, whatever the pieces are: %j", (text, reasoning, content) => {
    for (let length = 1; length <= text.length; length += 1)
      expect(split(text, length)).toEqual({ reasoning, content });
  });

  test.each([
    "<thin ice>",
    "<",
    " \n<think",
    "<b>Bold</b>",
    "Say <think>x</think>.",
    "`<think>`",
    "\n\nHello",
    "<thinker>",
  ])("is not seen in %j, which stays as it is", (text) => {
    for (let length = 1; length <= text.length; length += 1) {
      expect(split(text, length)).toEqual({ reasoning: "", content: text });
    }
  });

  test("ends where a tool is called", () => {
    const call = { index: 0, id: "a", function: { name: "bash", arguments: "{}" } };
    const deltas = mended([{ content: "<think>I look" }, { tool_calls: [call] }], "tool_calls");
    expect(told(deltas, "reasoning_content")).toBe("I look");
    expect(deltas.some(({ tool_calls }) => JSON.stringify(tool_calls) === JSON.stringify([call]))).toBe(true);
  });

  test("is left alone where the model tells its reasoning apart itself", () => {
    const deltas = [{ reasoning_content: "Hm" }, { content: "<think>x</think>" }];
    expect(mended(deltas)).toEqual([...deltas, {}]);
  });

  test("leaves usage in one chunk alone", () => {
    const given = { ...chunk({ content: "<think>a</think>b" }, "stop"), usage: { total_tokens: 3 } };
    const chunks = new ChunkMender(() => []).take(given) ?? [];
    expect(chunks.filter((each) => field(each, "usage") !== undefined)).toHaveLength(1);
  });
});

test("an ordinary chunk is not touched", () => {
  const mender = new ChunkMender(() => []);
  const call = { index: 0, id: "a", function: { name: "bash", arguments: "" } };
  const rest = { index: 0, function: { arguments: "{}" } };
  for (const delta of [
    { role: "assistant", content: "" },
    { content: "Hi" },
    { tool_calls: [call] },
    { tool_calls: [rest] },
  ])
    expect(mender.take(chunk(delta))).toBeNull();
  expect(mender.take(chunk({}, "tool_calls"))).toBeNull();
  expect(mender.take({ choices: [], usage: {} })).toBeNull();
});

describe("tool calls whose ids were used before", () => {
  const begin = (index: number, id: string) => ({ index, id, function: { name: "bash", arguments: "" } });
  const go = (index: number, text: string) => ({ index, function: { arguments: text } });
  const callsIn = (deltas: readonly Delta[]) =>
    deltas.flatMap(({ tool_calls }) => (tool_calls ?? []) as { index: number; id?: string }[]);

  test("in the same answer get ids of their own, and every piece stays with its call", () => {
    const deltas = [[begin(0, "c")], [go(0, "a")], [begin(1, "c"), begin(2, "d")], [go(1, "b")], [go(2, "d")]];
    expect(
      callsIn(
        mended(
          deltas.map((tool_calls) => ({ tool_calls })),
          "tool_calls",
        ),
      ),
    ).toEqual([begin(0, "c"), go(0, "a"), begin(1, "000000001"), begin(2, "d"), go(1, "b"), go(2, "d")]);
  });

  test("in an answer before get new ones", () => {
    const request = {
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", tool_calls: [{ id: "c" }, { id: "000000001" }] },
        { role: "tool", tool_call_id: "c", content: '{"tool_call_id":"000000002"}' },
        { role: "tool", tool_call_id: "000000001", content: "" },
      ],
    };
    const calls = callsIn(mended([{ tool_calls: [begin(0, "c")] }], "tool_calls", callIdsIn(JSON.stringify(request))));
    expect(calls).toEqual([begin(0, "000000002")]);
  });

  test("keep the new one where the model repeats the id with every piece", () => {
    const calls = callsIn(
      mended([{ tool_calls: [begin(0, "c")] }, { tool_calls: [begin(0, "c")] }], "tool_calls", ["c"]),
    );
    expect(calls).toEqual([begin(0, "000000001"), begin(0, "000000001")]);
  });

  test("or are empty get one", () => {
    expect(callsIn(mended([{ tool_calls: [begin(0, "")] }], "tool_calls"))).toEqual([begin(0, "000000001")]);
  });

  test("and calls under one index are told apart by their ids", () => {
    const deltas = [[begin(0, "a")], [go(0, "1")], [begin(0, "b")], [go(0, "2")]];
    expect(
      callsIn(
        mended(
          deltas.map((tool_calls) => ({ tool_calls })),
          "tool_calls",
        ),
      ),
    ).toEqual([begin(0, "a"), go(0, "1"), begin(1, "b"), go(1, "2")]);
  });
});
