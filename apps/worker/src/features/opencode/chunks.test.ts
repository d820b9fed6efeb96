import { expect, test } from "vitest";
import { chunksFor, emptyLedger } from "./chunks.ts";
import { emptyLog, type LogPart, type TurnLog } from "./turn-log.ts";

const logOf = (...parts: readonly LogPart[]): TurnLog => ({
  ...emptyLog("msg_prompt"),
  messages: [{ id: "msg_1", isComplete: false, isSummary: false, fault: null, finish: null, tokens: 0, parts }],
});

const text = (id: string, written: string, isEnded: boolean): LogPart => ({
  kind: "text",
  id,
  text: written,
  isEnded,
  isGapped: false,
  growth: null,
});

test("what a call came to is looked at once, however many words follow", () => {
  let looks = 0;
  const call: LogPart = {
    kind: "tool",
    id: "prt_1",
    tool: "bash",
    state: {
      status: "completed",
      input: { command: "ls" },
      get output() {
        looks += 1;
        return "a.ts\n";
      },
    },
  };
  const [ledger, told] = chunksFor(emptyLedger, logOf(call), false);
  expect(told.at(-1)).toMatchObject({ type: "tool-output-available", output: { text: "a.ts\n" } });
  const before = looks;
  const [, more] = chunksFor(ledger, logOf(call, text("prt_2", "One file.", false)), false);
  expect(more).toMatchObject([{ type: "text-start" }, { type: "text-delta", delta: "One file." }]);
  expect(looks).toBe(before);
});

test("saying more leaves what was said before as it was", () => {
  const [first] = chunksFor(emptyLedger, logOf(text("prt_1", "a", false)), false);
  const [second] = chunksFor(first, logOf(text("prt_1", "ab", true)), false);
  expect(first.said.get("prt_1")).toMatchObject({ text: "a", isClosed: false });
  expect(second.said.get("prt_1")).toMatchObject({ text: "ab", isClosed: true });
});
