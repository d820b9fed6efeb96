import { describe, expect, test } from "vitest";
import { byteRate, eventRate, heldMsMax, turnBytesMax } from "./bounds.ts";
import { StreamMeter } from "./meter.ts";

/** A stream that is always there: reads, and waits as it is told. Answers when it was refused. */
const flood = (events: number, bytes: number): number => {
  const meter = new StreamMeter();
  let now = 1_000;
  for (;;) {
    try {
      now += meter.take(events, bytes, now);
    } catch {
      return now - 1_000;
    }
  }
};

describe("a turn's stream of events", () => {
  test("passes at once up to what it may bring", () => {
    const meter = new StreamMeter();
    expect(meter.take(eventRate.capacity, byteRate.capacity, 0)).toBe(0);
    expect(meter.take(eventRate.perSecond, byteRate.perSecond, 1_000)).toBe(0);
  });

  test.each([
    ["events", eventRate.capacity + eventRate.perSecond * 2, 0],
    ["bytes", 0, byteRate.capacity + byteRate.perSecond * 2],
  ])("waits for as long as its surplus of %s takes", (_, events, bytes) => {
    expect(new StreamMeter().take(events, bytes, 0)).toBe(2_000);
  });

  test.each([
    ["events", 500, 0],
    ["bytes", 0, 512 * 1024],
  ])("that floods with %s is refused after its time", (_, events, bytes) => {
    expect(flood(events, bytes)).toBeGreaterThan(heldMsMax * 0.9);
    expect(flood(events, bytes)).toBeLessThan(heldMsMax * 1.1);
  });

  test("that floods now and then is only slowed down", () => {
    const meter = new StreamMeter();
    for (let time = 0; time < 20; time += 1) {
      expect(meter.take(eventRate.capacity + eventRate.perSecond * 30, 0, time * 100_000)).toBe(30_000);
    }
  });

  test("that never ends is refused, however slow it is", () => {
    const meter = new StreamMeter();
    const piece = byteRate.perSecond;
    const read = (bytes: number) => {
      for (let total = 0; total < bytes; total += piece) meter.take(1, piece, (total / piece) * 1_000);
    };
    read(turnBytesMax);
    expect(() => meter.take(1, 1, turnBytesMax)).toThrow("too many bytes");
  });
});
