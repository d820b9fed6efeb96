import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import fc from "fast-check";
import { expect, test } from "vitest";
import { OutputWindow } from "./output-window.ts";

const window = (length: number) => "x".repeat(length);

test("what was printed earlier comes first, with the place at which it begins", () => {
  const output = new OutputWindow(0);
  expect(output.attach()).toBe(0);
  expect([output.hear("old "), output.hear("older")]).toEqual(["wait", "wait"]);
  expect(output.hearEnd(109)).toEqual({ pieces: ["old ", "older"], position: 100, liveFrom: 109 });
  expect(output.hear("new")).toBe("send");
});

test("a terminal is asked for from where the page stopped", () => {
  const output = new OutputWindow(7);
  expect(output.attach()).toBe(7);
  output.hearEnd(7);
  output.hear("12345");
  expect(output.attach()).toBe(12);
});

test("a page that takes nothing is sent no more than the window, and asks again when it has caught up", () => {
  const output = new OutputWindow(0);
  output.attach();
  output.hearEnd(0);
  const piece = window(terminalLimits.windowLength / 4);
  expect([1, 2, 3, 4, 5].map(() => output.hear(piece))).toEqual(["send", "send", "send", "send", "hold"]);
  expect(output.hear("more")).toBe("wait");
  expect(output.take(1)).toBe(false);
  expect(output.take(piece.length * 2)).toBe(true);
  expect(output.attach()).toBe(piece.length * 4);
});

test("a page cannot take what it was not sent", () => {
  const output = new OutputWindow(0);
  output.attach();
  output.hearEnd(0);
  output.take(Number.MAX_SAFE_INTEGER);
  const piece = window(terminalLimits.windowLength);
  expect([output.hear(piece), output.hear("x")]).toEqual(["send", "hold"]);
});

test.each([null, undefined, -1, 2, 1.5, Number.NaN, Number.MAX_VALUE, "9"])(
  "an end that cannot be is none: %s",
  (cursor) => {
    const output = new OutputWindow(0);
    output.attach();
    output.hear("abc");
    expect(output.hearEnd(cursor)).toBeNull();
  },
);

test("a second end is none, and neither is one that nobody asked for", () => {
  const output = new OutputWindow(0);
  expect(output.hearEnd(0)).toBeNull();
  output.attach();
  expect(output.hearEnd(0)).not.toBeNull();
  expect(output.hearEnd(0)).toBeNull();
});

test("what never ends to have been printed earlier is too much", () => {
  const output = new OutputWindow(0);
  output.attach();
  const heard = Array.from({ length: 9 }, () => output.hear(window(512 * 1024)));
  expect(heard.at(-2)).toBe("wait");
  expect(heard.at(-1)).toBe("excess");
});

test("whatever both sides say, no more than the window is on its way once output is live", () => {
  const step = fc.record({ length: fc.integer({ min: 0, max: 400_000 }), taken: fc.nat(3_000_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const output = new OutputWindow(0);
      output.attach();
      output.hearEnd(0);
      let [sent, taken] = [0, 0];
      for (const { length, taken: said } of steps) {
        if (output.hear(window(length)) === "send") sent += length;
        expect(sent - taken).toBeLessThanOrEqual(terminalLimits.windowLength);
        taken = Math.max(taken, Math.min(said, sent));
        output.take(said);
      }
    }),
  );
});
