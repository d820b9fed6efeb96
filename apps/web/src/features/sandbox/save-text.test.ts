import { expect, test } from "vitest";
import { saveText } from "./save-text.ts";

const now = 100_000;

test("a save is told by its time, and one that is under way by that", () => {
  expect(saveText({ revision: 1, savedAt: 88_000 }, now)).toMatchObject({ tone: "plain", text: "12 seconds ago" });
  expect(saveText({ revision: 1, savedAt: 88_000, savingSince: 99_000 }, now)).toMatchObject({ text: "Saving…" });
  expect(saveText({ revision: 1 }, now)).toMatchObject({ tone: "plain", text: "Not yet" });
});

test("a failure is told with its reason and what is saved all the same, also while it is tried again", () => {
  const state = { revision: 1, savedAt: 40_000, problem: "The disk is full.", savingSince: 99_000 };
  expect(saveText(state, now)).toMatchObject({ tone: "bad", text: "1 minute ago" });
  expect(saveText(state, now).more[0]).toBe("Not saved: The disk is full.");
});

test("what a snapshot lacks is said", () => {
  const state = { revision: 1, savedAt: 40_000, warning: "Some files went away." };
  expect(saveText(state, now)).toMatchObject({ tone: "warn", more: ["Some files went away."] });
});
