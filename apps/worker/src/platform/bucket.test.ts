import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fullBucket, takeFrom } from "./bucket.ts";

const rate = { capacity: 5, perSecond: 2 };

describe("a bucket", () => {
  test("gives at once what it holds, then says how long to wait", () => {
    let bucket = fullBucket(rate, 0);
    for (let taken = 0; taken < 5; taken++) {
      const take = takeFrom(bucket, 0, rate);
      expect(take.waitMs).toBe(0);
      bucket = take.bucket;
    }
    expect(takeFrom(bucket, 0, rate).waitMs).toBe(500);
    expect(takeFrom(bucket, 250, rate).waitMs).toBe(250);
    expect(takeFrom(bucket, 500, rate).waitMs).toBe(0);
  });

  test("never holds more than its capacity, however long nobody takes", () => {
    expect(takeFrom(fullBucket(rate, 0), 1e9, rate).bucket.tokens).toBe(4);
  });

  test("is full enough for what costs more than it holds", () => {
    expect(takeFrom(fullBucket(rate, 0), 0, rate, 50)).toEqual({ bucket: { tokens: 0, at: 0 }, waitMs: 0 });
  });

  test("gives nothing for a clock that goes back", () => {
    const empty = { tokens: 0, at: 10_000 };
    expect(takeFrom(empty, 0, rate)).toEqual({ bucket: empty, waitMs: 10_500 });
  });

  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 8 })), {
    maxLength: 60,
  });
  const rates = fc.record({
    capacity: fc.integer({ min: 1, max: 60 }),
    perSecond: fc.double({ min: 0.1, max: 50, noNaN: true }),
  });

  test("gives, over any time, no more than it held and what flowed in since", () => {
    fc.assert(
      fc.property(rates, steps, (given, asked) => {
        let [bucket, now, taken] = [fullBucket(given, 0), 0, 0];
        for (const [pause, cost] of asked) {
          now += pause;
          const take = takeFrom(bucket, now, given, cost);
          if (take.waitMs === 0) taken += Math.min(cost, given.capacity);
          bucket = take.bucket;
        }
        expect(taken).toBeLessThanOrEqual(given.capacity + (now / 1000) * given.perSecond + 1e-3);
      }),
    );
  });

  test("has what was asked for after the wait that it told, and not before", () => {
    fc.assert(
      fc.property(
        rates,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        (given, part, cost) => {
          const bucket = { tokens: part * given.capacity, at: 0 };
          const { waitMs } = takeFrom(bucket, 0, given, cost);
          if (waitMs === 0) return;
          expect(takeFrom(bucket, waitMs, given, cost).waitMs).toBe(0);
          if (waitMs > 2) expect(takeFrom(bucket, waitMs - 2, given, cost).waitMs).toBeGreaterThan(0);
        },
      ),
    );
  });
});
