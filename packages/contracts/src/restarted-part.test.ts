import { describe, expect, test } from "vitest";
import { validParts } from "./restarted-part.ts";

const text = (content: string) => ({ type: "text", text: content });
const restarted = (parts: number) => ({ type: "data-restarted", data: { parts } });

describe("the parts of a message that is being streamed", () => {
  test("are all valid while the model never broke off", () => {
    const parts = [{ type: "step-start" }, { type: "reasoning" }, text("a"), { type: "dynamic-tool" }];
    expect(validParts(parts)).toEqual(parts);
  });

  test("lose what the model had written in a step that it began again, and nothing of earlier steps", () => {
    const parts = [
      text("kept"),
      { type: "step-start" },
      { type: "reasoning" },
      text("Hel"),
      restarted(2),
      text("Hello"),
    ];
    expect(validParts(parts)).toEqual([text("kept"), { type: "step-start" }, text("Hello")]);
  });

  test("keep tool calls of the broken step: they have happened", () => {
    const parts = [{ type: "dynamic-tool" }, text("Hel"), restarted(1)];
    expect(validParts(parts)).toEqual([{ type: "dynamic-tool" }]);
  });
});
