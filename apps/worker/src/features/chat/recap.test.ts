import { describe, expect, test } from "vitest";
import { recapOf } from "./recap.ts";

describe("what a new session is told of the conversation before it", () => {
  test("is nothing where there was none", () => {
    expect(recapOf([])).toBeNull();
  });

  test("is who said what, and which tools were used", () => {
    const recap = recapOf([
      { id: "1", role: "user", parts: [{ type: "text", text: "List the files." }] },
      {
        id: "2",
        role: "assistant",
        parts: [
          { type: "step-start" },
          {
            type: "dynamic-tool",
            toolName: "bash",
            toolCallId: "c",
            state: "output-available",
            input: { command: "ls" },
            output: { text: "a.txt" },
          },
          { type: "text", text: "There is a.txt." },
        ],
      },
    ]);
    expect(recap).toContain("User: List the files.");
    expect(recap).toContain('Assistant: [bash {"command":"ls"}]\nThere is a.txt.');
  });

  test("keeps the end of a long conversation", () => {
    const messages = Array.from({ length: 2_000 }, (_, n) => ({
      id: String(n),
      role: "user" as const,
      parts: [{ type: "text" as const, text: `message ${n}` }],
    }));
    expect(recapOf(messages)?.length).toBeLessThan(25_000);
    expect(recapOf(messages)).toContain("message 1999");
  });
});
