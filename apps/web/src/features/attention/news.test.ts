import { describe, expect, test } from "vitest";
import { activitiesOf, newsOf, titleWith } from "./news.ts";

const thread = (threadId: string, activity: "idle" | "queued" | "running" | "waiting" | "failed") => ({
  threadId,
  activity,
});

describe("what is news in a tab that nobody looks at", () => {
  test("a turn that ended, well or not; never one that still runs, nor what was at rest before", () => {
    const before = activitiesOf([
      thread("a", "running"),
      thread("b", "queued"),
      thread("c", "idle"),
      thread("d", "running"),
    ]);
    const after = [thread("a", "idle"), thread("b", "running"), thread("c", "failed"), thread("d", "failed")];
    expect(newsOf(before, after).map(({ threadId }) => threadId)).toEqual(["a", "d"]);
  });

  test("a turn that begins to wait for somebody, once, and its end", () => {
    const waiting = [thread("a", "waiting"), thread("b", "waiting")];
    const before = activitiesOf([thread("a", "running"), thread("b", "idle")]);
    expect(newsOf(before, waiting).map(({ threadId }) => threadId)).toEqual(["a", "b"]);
    expect(newsOf(activitiesOf(waiting), waiting)).toEqual([]);
    const after = [thread("a", "idle"), thread("b", "running")];
    expect(newsOf(activitiesOf(waiting), after).map(({ threadId }) => threadId)).toEqual(["a"]);
  });

  test("the title carries their number once, and loses it", () => {
    expect(titleWith("Bread · Threadbox", 1)).toBe("(1) Bread · Threadbox");
    expect(titleWith("(1) Bread · Threadbox", 2)).toBe("(2) Bread · Threadbox");
    expect(titleWith("(2) Bread · Threadbox", 0)).toBe("Bread · Threadbox");
  });
});
