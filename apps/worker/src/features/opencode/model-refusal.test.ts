import fc from "fast-check";
import { expect, test } from "vitest";
import { recordingOf } from "./all-recordings.testing.ts";
import { type ModelRefusal, markModelRefusal, readModelRefusal } from "./model-refusal.ts";

const refusals: fc.Arbitrary<ModelRefusal> = fc.record({
  kind: fc.constantFrom("limit", "credit", "key", "fault", "other"),
  waitSeconds: fc.option(fc.nat(999_999_999)),
});

test("whatever the words are, what is known of a refusal is read back, and the words with it", () => {
  const words = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constant("No. [threadbox key]"));
  fc.assert(
    fc.property(words, refusals, (said, refusal) => {
      expect(readModelRefusal(markModelRefusal(said, refusal))).toEqual({ words: said, refusal });
    }),
  );
});

test("a real OpenCode hands the message on as it was", () => {
  const retries = recordingOf("limited").events.flatMap((event) =>
    event.type === "session.status" && event.properties.status.type === "retry" ? [event.properties.status] : [],
  );
  expect(retries.map(({ message }) => readModelRefusal(message))).toEqual([
    { words: "You exceeded your plan", refusal: { kind: "limit", waitSeconds: 600 } },
  ]);
});

test.each(["Overloaded", "FreeUsageLimitError: go away", "GoUsageLimitError"])(
  "%s keeps its sense, but is nothing that OpenCode replaces by words of its own",
  (words) => {
    const marked = markModelRefusal(words, { kind: "limit", waitSeconds: 2.2 });
    expect(marked).not.toContain(words);
    expect(readModelRefusal(marked)).toEqual({
      words: words.toLowerCase(),
      refusal: { kind: "limit", waitSeconds: 3 },
    });
  },
);

test.each(["Rate limit reached.", "", "[threadbox limit] is no end", "x [threadbox magic]", "x [threadbox limit -1]"])(
  "%j comes from somewhere else",
  (message) => {
    expect(readModelRefusal(message)).toEqual({ words: message, refusal: null });
  },
);
