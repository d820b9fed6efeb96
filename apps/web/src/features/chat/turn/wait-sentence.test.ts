import { describe, expect, test } from "vitest";
import type { ChatMessage } from "../thread/message-view.ts";
import { waitSentence } from "./wait-sentence.ts";

type Part = ChatMessage["parts"][number];

const call = (toolName: string, more: object): Part =>
  ({ type: "dynamic-tool", toolName, toolCallId: "c", state: "output-available", input: {}, ...more }) as Part;
const output = (more: object) => ({ text: "", isTruncated: false, files: [], ...more });
const running = call("bash", { output: output({ startedAt: 1 }) });
const over = call("bash", { output: output({ startedAt: 1, endedAt: 2, exitCode: 0 }) });

describe("what a silent turn waits for", () => {
  test.each<readonly [string, string, Part[]]>([
    ["nothing was said", "Waiting for the model", []],
    ["a step began without a word", "Waiting for the model", [{ type: "step-start" }]],
    ["a text was begun without a word", "Waiting for the model", [{ type: "text", text: "" }]],
    ["words were said", "Waiting for the model", [{ type: "text", text: "First I" }]],
    ["it only thought so far", "Waiting for the model", [{ type: "reasoning", text: "Hm." }]],
    ["a command runs", "Running command", [{ type: "text", text: "First I" }, running]],
    ["one of two commands runs", "Running command", [running, over]],
    ["the command is over", "Waiting for the model", [over]],
    ["the model still writes the command", "Waiting for the model", [call("bash", { state: "input-streaming" })]],
    ["the tool failed", "Waiting for the model", [call("bash", { state: "output-error", errorText: "No." })]],
    ["a page is fetched", "Fetching page", [call("webfetch", { output: output({ startedAt: 1 }) })]],
  ])("%s: %s", (_, sentence, parts) => {
    expect(waitSentence(parts)).toBe(sentence);
  });
});
