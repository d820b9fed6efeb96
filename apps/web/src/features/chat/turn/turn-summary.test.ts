import { describe, expect, test } from "vitest";
import { summaryText } from "../texts/summary.ts";
import type { ChatMessage } from "../thread/message-view.ts";
import { turnSummary } from "./turn-summary.ts";

type Part = ChatMessage["parts"][number];

const call = (toolName: string, more: object): Part =>
  ({ type: "dynamic-tool", toolName, toolCallId: "c", state: "output-available", input: {}, ...more }) as Part;
const output = (more: object) => ({ text: "", isTruncated: false, files: [], startedAt: 1, endedAt: 2, ...more });
const file = (path: string) => ({ path, additions: 1, deletions: 0 });

describe("the summary of a turn", () => {
  test("counts steps, those that failed, and each changed file once", () => {
    const parts = [
      call("bash", { output: output({ exitCode: 0 }) }),
      call("bash", { output: output({ exitCode: 3 }) }),
      call("read", { state: "output-error", errorText: "File not found" }),
      call("write", { output: output({ files: [file("a.txt")] }) }),
      call("edit", { output: output({ files: [file("a.txt"), file("b.txt")] }) }),
    ];
    expect(turnSummary({ parts, metadata: { tokens: 1_234 } })).toEqual({
      steps: 5,
      failed: 2,
      files: 2,
      tokens: 1_234,
    });
  });

  test("reads as one line, without what there was none of", () => {
    const none = { steps: 0, failed: 0, files: 0, tokens: 0 };
    expect(summaryText({ steps: 4, failed: 2, files: 1, tokens: 12_345 })).toBe(
      "Ran 4 steps, 2 failed · 1 file changed · 12,345 tokens",
    );
    expect(summaryText({ ...none, steps: 1 })).toBe("Ran 1 step");
    expect(summaryText({ ...none, tokens: 1 })).toBe("1 token");
    expect(summaryText(none)).toBe("");
  });
});
