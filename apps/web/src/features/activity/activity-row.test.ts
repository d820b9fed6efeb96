import type { JournalRow } from "@threadbox/contracts/journal";
import { expect, test } from "vitest";
import { activityRow } from "./activity-row.ts";

const row = (more: Partial<JournalRow>): JournalRow => ({
  entryId: "e1",
  kind: "lifecycle",
  at: 1_000,
  revision: 1,
  subject: "Starting your sandbox.",
  detail: "{}",
  ...more,
});
const start = { stretch: "start", generation: 2, cause: "need", after: "sleep" };

test("a start that lasts says what it does, and one that is over how long it took and where the time went", () => {
  const detail = JSON.stringify(start);
  expect(activityRow(row({ detail }))).toMatchObject({ tone: "active", text: "Starting your sandbox.", at: 1_000 });
  const split = { placeMs: 0, computerMs: 1_200, openCodeMs: 2_000 };
  expect(activityRow(row({ until: 4_200, detail: JSON.stringify({ ...start, end: "good", split }) }))).toMatchObject({
    tone: "good",
    text: "Woke up in 3.2 s",
    more: ["1.2 s for the computer, 2.0 s for OpenCode", "Start 2"],
    at: 1_000,
  });
});

test("a nap says how long it was and why, and one that lasts is no work under way", () => {
  const nap = JSON.stringify({ stretch: "nap", generation: 2, cause: "idle" });
  expect(activityRow(row({ detail: nap }))).toMatchObject({ tone: "plain", text: "Napping" });
  expect(activityRow(row({ until: 61_000, detail: nap }))).toMatchObject({
    tone: "plain",
    text: "Napped for 1 min",
    more: ["Not used for a while"],
  });
});

test("an OpenCode that was started anew is told in the worker's own words", () => {
  const subject = "OpenCode had grown to 1500 MB and was started anew. Nothing else was touched.";
  const detail = JSON.stringify({ stretch: "recycle", generation: 2, cause: "memory" });
  expect(activityRow(row({ subject, until: 3_000, detail }))).toMatchObject({ text: subject });
});

test("a host that was refused is told with how often it was asked for", () => {
  const detail = JSON.stringify({ verdict: "deny" });
  expect(activityRow(row({ kind: "egress", subject: "registry.test", count: 12, detail }))).toMatchObject({
    tone: "bad",
    text: "Blocked registry.test",
    more: ["12 times"],
  });
});

test("a save says what it was for, and one that failed why and how often it was tried", () => {
  const kind = "snapshot";
  const saved = JSON.stringify({ occasion: "turn", end: "saved", bytes: 2_000_000 });
  expect(activityRow(row({ kind, subject: "", detail: saved }))).toMatchObject({
    tone: "plain",
    text: "Saved",
    more: ["After a turn", "2.0 MB of snapshots"],
  });
  const failed = JSON.stringify({ occasion: "end", end: "failed" });
  expect(activityRow(row({ kind, subject: "The disk is full.", count: 3, detail: failed }))).toMatchObject({
    tone: "bad",
    text: "Not saved: The disk is full.",
    more: ["3 times", "After the computer stopped"],
  });
});

test("a refused host says why, and which of them the owner may allow", () => {
  const shown = (cause: string, subject = "registry.test") =>
    activityRow(row({ kind: "egress", subject, detail: JSON.stringify({ verdict: "deny", cause }) }));
  expect(shown("unlisted")).toMatchObject({
    more: ["It isn’t on this thread’s list"],
    refusedHost: "registry.test",
  });
  expect(shown("narrowed").refusedHost).toBe("registry.test");
  for (const cause of ["closed", "insecure", "nameless", "unasked"]) expect(shown(cause).refusedHost).toBeUndefined();
  expect(shown("unlisted", "").refusedHost).toBeUndefined();
});

test("a change of the allowed hosts is told as the owner's own", () => {
  const detail = JSON.stringify({ change: "allowed" });
  expect(activityRow(row({ kind: "network", subject: "*.a.test", detail })).text).toBe("You allowed *.a.test");
});

test.each([
  ["a kind of a later version", { kind: "teleport" }],
  ["a detail that is no JSON", { detail: "{" }],
  ["a detail that isn’t its kind’s", { detail: '{"stretch":"dance"}' }],
  ["a detail that is nothing", { detail: "null" }],
])("%s is shown by its name and breaks nothing", (_, more) => {
  expect(activityRow(row(more)).text).toContain("kind" in more ? more.kind : "lifecycle");
});

test("a program says what it did and what was said of it; one of another version is named by its kind", () => {
  const told = (detail: object) => activityRow(row({ kind: "program", subject: "", detail: JSON.stringify(detail) }));
  expect(told({ end: "returned", calls: 1 })).toMatchObject({
    tone: "plain",
    text: "A program ran",
    more: ["1 tool call"],
  });
  expect(told({ end: "failed", calls: 0 })).toMatchObject({ tone: "bad", text: "A program failed" });
  expect(told({ end: "returned", calls: 3, decision: "applied", files: 2 })).toMatchObject({
    text: "A program changed 2 files, as you allowed",
    more: ["3 tool calls"],
  });
  expect(told({ end: "returned", calls: 3, decision: "denied", files: 1 }).text).toBe(
    "A program wanted to change 1 file, and was denied",
  );
  expect(told({ end: "returned", calls: 3, decision: "eaten" }).text).toMatch(/doesn’t know yet/);
});
