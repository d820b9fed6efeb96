import { expect, test } from "vitest";
import { CallsNow } from "./calls-now.ts";

test("a call runs from its input until its output or its error, also while it prints", () => {
  const calls = new CallsNow();
  const begin = (toolCallId: string) =>
    calls.note([{ type: "tool-input-available", toolCallId, toolName: "bash", input: {}, dynamic: true }]);
  begin("a");
  begin("b");
  calls.note([{ type: "tool-output-available", toolCallId: "a", output: {}, preliminary: true }]);
  expect(calls.list()).toEqual([
    { id: "a", tool: "bash" },
    { id: "b", tool: "bash" },
  ]);
  calls.note([{ type: "tool-output-available", toolCallId: "a", output: {} }]);
  calls.note([{ type: "tool-output-error", toolCallId: "b", errorText: "No." }]);
  expect(calls.list()).toEqual([]);
  begin("c");
  calls.clear();
  expect(calls.list()).toEqual([]);
});
