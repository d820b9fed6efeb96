import { expect, test } from "vitest";
import { CallLog, shortArguments } from "./call-log.ts";
import { LatestTeller } from "./latest-teller.ts";

test.each([
  [{ path: "a.txt" }, 'path: "a.txt"'],
  [{}, ""],
  [{ a: 1, b: [true], c: null }, "a: 1, b: [true], c: null"],
  ["text", '"text"'],
])("what a tool was given is told in one short line: %j", (input, line) => {
  expect(shortArguments(input)).toBe(line);
});

test("however much a tool was given, its line stays short, and says that it was cut", () => {
  const input = { path: "a.txt", content: "x".repeat(100_000), more: Array(1_000).fill(1) };
  expect(shortArguments(input).length).toBeLessThanOrEqual(60);
  expect(shortArguments(input)).toMatch(/^path: "a.txt", content: "x+…$/);
});

test("calls are told from their beginning, and those that have ended in the order in which they began", () => {
  const log = new CallLog();
  const first = log.begin("workspace.read", { path: "a" }, 10);
  const second = log.begin("codemode.exec", { command: "x" }, 11);
  log.begin("codemode.askUser", { question: "?" }, 12);
  second(15, 0, { message: "No copy.", lacks: "trial" });
  expect(log.live()[0]).toEqual({ tool: "workspace.read", args: 'path: "a"', startedAt: 10 });
  first(20, 7, null);
  expect(log.ended()).toEqual([
    { tool: "workspace.read", args: 'path: "a"', durationMs: 10 },
    { tool: "codemode.exec", args: 'command: "x"', durationMs: 4, refusal: "No copy.", lacks: "trial" },
  ]);
  expect(log.sizes()[0]).toMatchObject({ input: 12, answer: 7 });
});

test("what changes faster than it can be told is told by its newest, and the last of it always", async () => {
  const told: number[] = [];
  const waiting: (() => void)[] = [];
  const teller = new LatestTeller<number>((value) => {
    told.push(value);
    return new Promise((resolve) => waiting.push(resolve));
  });
  for (const value of [1, 2, 3]) teller.tell(value);
  waiting.shift()?.();
  await expect.poll(() => told).toEqual([1, 3]);
  waiting.shift()?.();
  await expect.poll(() => waiting.length).toBe(0);
  teller.tell(4);
  await expect.poll(() => told).toEqual([1, 3, 4]);
});
