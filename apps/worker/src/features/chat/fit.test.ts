import { describe, expect, test } from "vitest";
import type { TranscriptPart } from "../opencode/index.ts";
import { fitParts } from "./fit.ts";

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;
const call = (id: string, text: string): TranscriptPart => ({
  type: "dynamic-tool",
  toolName: "bash",
  toolCallId: id,
  state: "output-available",
  input: { command: "x" },
  output: { text, isTruncated: false, files: [] },
});
const text = (content: string): TranscriptPart => ({ type: "text", text: content, state: "done" });

describe("a message that is to be kept", () => {
  test("stays as it is where it fits", () => {
    const parts = [text("a"), call("1", "b".repeat(1000))];
    expect(fitParts(parts, 10_000)).toBe(parts);
  });

  test("gives up the longest output first, and says so", () => {
    const parts = [text("kept".repeat(100)), call("1", "short"), call("2", "x".repeat(60_000))];
    const [said, short, long] = fitParts(parts, 50_000);
    expect([said, short]).toEqual(parts.slice(0, 2));
    expect(long).toMatchObject({ output: { isTruncated: true, text: expect.stringMatching(/^x{32768}\n… cut/) } });
  });

  test("fits whatever it consists of", () => {
    const many = Array.from({ length: 300 }, (_, n) => call(String(n), "y".repeat(5_000)));
    const parts = [...many, text("ä".repeat(500_000))];
    expect(bytesOf(fitParts(parts, 786_432))).toBeLessThanOrEqual(786_432);
  });
});
