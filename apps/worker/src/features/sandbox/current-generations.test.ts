import { Generation } from "@threadbox/contracts/ids";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { CurrentGenerations, currentMsMax } from "./current-generations.ts";

const [one, two] = [Generation.make(1), Generation.make(2)];
const threadId = newThreadId();

describe("a generation that was current a moment ago", () => {
  test("is so for its time and no longer", () => {
    const current = new CurrentGenerations();
    current.note(threadId, one, 1_000);
    expect(current.has(threadId, one, 1_000 + currentMsMax - 1)).toBe(true);
    expect(current.has(threadId, one, 1_000 + currentMsMax)).toBe(false);
    expect(currentMsMax).toBeLessThanOrEqual(10_000);
  });

  test("says nothing of another generation or another thread", () => {
    const current = new CurrentGenerations();
    current.note(threadId, two, 0);
    expect(current.has(threadId, one, 1)).toBe(false);
    expect(current.has(newThreadId(), two, 1)).toBe(false);
  });

  test("is forgotten when the next is known, whatever late answers say", () => {
    const current = new CurrentGenerations();
    current.note(threadId, one, 0);
    current.note(threadId, two, 1);
    current.note(threadId, one, 2);
    expect(current.has(threadId, one, 3)).toBe(false);
    expect(current.has(threadId, two, 3)).toBe(true);
  });

  test("is forgotten with a restart", () => {
    const current = new CurrentGenerations();
    current.note(threadId, one, 0);
    current.forget(threadId);
    expect(current.has(threadId, one, 1)).toBe(false);
  });

  test("takes a bounded place", () => {
    const current = new CurrentGenerations();
    current.note(threadId, one, 0);
    for (let others = 0; others < 2_000; others += 1) current.note(newThreadId(), one, 0);
    expect(current.has(threadId, one, 1)).toBe(false);
  });
});
