import { describe, expect, test } from "vitest";
import { eventBytesMax } from "./bounds.ts";
import { EventCutter } from "./event-cutter.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("a stream of events is cut into whole ones", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["one", ["data: a\n\n"], ["data: a\n\n"]],
    ["two in one piece", ["data: a\n\ndata: b\n\n"], ["data: a\n\n", "data: b\n\n"]],
    ["of several lines", ["event: x\ndata: a\ndata: b\n\n"], ["event: x\ndata: a\ndata: b\n\n"]],
    ["with other line ends", ["data: a\r\n\r\ndata: b\r\n\r\n"], ["data: a\r\n\r\n", "data: b\r\n\r\n"]],
    ["that is not complete", ["data: a\n"], []],
    ["whose blank line comes later", ["data: a\n", "\n"], ["data: a\n\n"]],
    ["whose line goes on in the next piece", ["data: a\n\nda", "ta: b\n\n"], ["data: a\n\n", "data: b\n\n"]],
  ])("%s", (_, pieces, events) => {
    const cutter = new EventCutter();
    expect(pieces.flatMap((piece) => cutter.take(bytesOf(piece)))).toEqual(events);
  });

  test("whatever the pieces are, letters of several bytes too", () => {
    const cutter = new EventCutter();
    const text = "data: Grüße 🎈\r\n\r\ndata: b\n\n";
    const events = [...bytesOf(text)].flatMap((byte) => cutter.take(Uint8Array.of(byte)));
    expect(events).toEqual(["data: Grüße 🎈\r\n\r\n", "data: b\n\n"]);
  });

  test("a piece that its sender uses again is kept as it was", () => {
    const cutter = new EventCutter();
    const piece = bytesOf("data: a");
    cutter.take(piece);
    piece.fill(0);
    expect(cutter.take(bytesOf("\n\n"))).toEqual(["data: a\n\n"]);
  });

  test.each([
    ["a line without an end", "x".repeat(64 * 1024)],
    ["lines without a blank one between them", `data: ${"x".repeat(1000)}\n`.repeat(64)],
  ])("%s is refused at the bound", (_, piece) => {
    const cutter = new EventCutter();
    let taken = 0;
    const feed = () => {
      for (;;) {
        cutter.take(bytesOf(piece));
        taken += piece.length;
      }
    };
    expect(feed).toThrow("one event is too long");
    expect(taken).toBeLessThanOrEqual(eventBytesMax);
  });
});
