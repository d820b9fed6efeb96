import { Generation } from "@threadbox/contracts/ids";
import { describe, expect, test } from "vitest";
import { type LivedState, type StartSplit, tellState } from "./stretches.ts";

const one = Generation.make(1);
const state = (status: LivedState["status"], since: number, more: Partial<LivedState> = {}): LivedState => ({
  status,
  since,
  generation: one,
  reason: `${status} at ${since}`,
  ...more,
});

/** Lives through these states, and answers what the journal holds then: of each entry its newest revision. */
const live = (states: readonly LivedState[], split?: StartSplit) => {
  const journal = new Map<string, unknown>();
  let previous: LivedState | null = null;
  for (const next of states) {
    const { entries, stretch } = tellState(previous, next, split);
    for (const { entryId, at, until, detail, subject } of entries)
      journal.set(entryId, { at, until, subject, ...detail });
    previous = stretch === null ? next : { ...next, stretch };
  }
  return [...journal.values()];
};

describe("what the journal is told of a sandbox's life", () => {
  test("a start is one entry from its first word to the moment when it is ready, with where its time went", () => {
    const split = { placeMs: 10, computerMs: 20, openCodeMs: 30 };
    const states = [state("starting", 1), state("starting", 5, { reason: "Next in line." }), state("ready", 60)];
    expect(live(states, split)).toEqual([
      {
        at: 1,
        until: 60,
        subject: "ready at 60",
        stretch: "start",
        generation: 1,
        cause: "need",
        after: "nothing",
        end: "good",
        split,
      },
    ]);
  });

  test("a start that goes on says what it waits for, and one that fails says why and is no second entry", () => {
    const waits = [state("starting", 1), state("starting", 5, { reason: "Next in line." })];
    expect(live(waits)).toMatchObject([{ at: 1, until: undefined, subject: "Next in line." }]);
    expect(live([...waits, state("failed", 9)])).toMatchObject([{ until: 9, subject: "failed at 9", end: "failed" }]);
    expect(live([...waits, state("asleep", 9)])).toMatchObject([{ until: 9, end: "givenUp" }]);
  });

  test("work lasts from busy to ready, each time anew", () => {
    const states = [state("ready", 1), state("busy", 2), state("ready", 7), state("busy", 9)];
    expect(live(states)).toMatchObject([
      { stretch: "work", at: 2, until: 7, end: "good" },
      { stretch: "work", at: 9, until: undefined },
    ]);
  });

  test("a sandbox that fails while it works ends its work and says so", () => {
    expect(live([state("busy", 1), state("failed", 4)])).toMatchObject([
      { stretch: "work", until: 4, end: "failed" },
      { stretch: "failure", at: 4, cause: "host" },
    ]);
  });

  test("a sleep has its cause, and the start after it is a waking", () => {
    const next = Generation.make(2);
    const states = [
      state("ready", 1),
      state("asleep", 2, { cause: "idle" }),
      state("starting", 3, { generation: next }),
      state("starting", 4, { generation: Generation.make(3), cause: "restart" }),
    ];
    expect(live(states)).toMatchObject([
      { stretch: "sleep", at: 2, cause: "idle" },
      { stretch: "start", at: 3, generation: 2, after: "sleep", until: 4, end: "failed" },
      { stretch: "start", at: 4, generation: 3, after: "run", cause: "restart" },
    ]);
  });

  test("a nap lasts until the sandbox is used again, or what comes instead, and has its cause", () => {
    const nap = state("napping", 2, { cause: "memory" });
    expect(live([state("ready", 1), nap])).toMatchObject([
      { stretch: "nap", at: 2, until: undefined, cause: "memory" },
    ]);
    expect(live([state("ready", 1), nap, state("ready", 9)])).toMatchObject([{ stretch: "nap", at: 2, until: 9 }]);
    expect(live([nap, state("asleep", 9, { cause: "idle" })])).toMatchObject([
      { stretch: "nap", until: 9 },
      { stretch: "sleep", at: 9 },
    ]);
    expect(live([state("ready", 1), state("napping", 2), state("failed", 5)])).toMatchObject([
      { stretch: "nap", until: 5, cause: "idle" },
      { stretch: "failure", at: 5 },
    ]);
  });

  test("every revision of an entry is later than the one before", () => {
    const states = [state("starting", 1), state("starting", 2), state("ready", 3), state("busy", 4), state("ready", 5)];
    const revisions = new Map<string, number>();
    let previous: LivedState | null = null;
    for (const next of states) {
      const { entries, stretch } = tellState(previous, next);
      for (const { entryId, revision } of entries) {
        expect(revision).toBeGreaterThan(revisions.get(entryId) ?? 0);
        revisions.set(entryId, revision);
      }
      previous = stretch === null ? next : { ...next, stretch };
    }
    expect(revisions.size).toBe(2);
  });
});
