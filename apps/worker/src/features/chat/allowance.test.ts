import { describe, expect, test } from "vitest";
import { Allowance, connectionsMax, outlived } from "./allowance.ts";

const kinds = (times: number, one: (n: number) => { readonly kind: string }) => {
  const counts: Record<string, number> = {};
  for (let n = 0; n < times; n++) {
    const { kind } = one(n);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

describe("the frames of one connection", () => {
  test("pass while it speaks as a page does: a burst, then several a second without end", () => {
    const allowance = new Allowance();
    expect(kinds(50, () => allowance.hear("a", 500, 0))).toEqual({ pass: 50 });
    expect(kinds(10_000, (n) => allowance.hear("a", 500, 1_000 + n * 125))).toEqual({ pass: 10_000 });
  });

  test("are refused above that with the time to wait, and end the connection when it does not wait", () => {
    const allowance = new Allowance();
    expect(kinds(60, () => allowance.hear("a", 500, 0))).toEqual({ pass: 60 });
    expect(allowance.hear("a", 500, 0)).toEqual({ kind: "refuse", waitMs: 100 });
    expect(allowance.hear("a", 500, 100)).toEqual({ kind: "pass" });
    expect(kinds(10_000, () => allowance.hear("a", 500, 100))).toEqual({ refuse: 19, close: 9_981 });
  });

  test("count for more the longer they are", () => {
    const allowance = new Allowance();
    expect(kinds(100, () => allowance.hear("a", 8 * 1024 * 1024, 0))).toEqual({ pass: 6, refuse: 20, close: 74 });
  });

  test("take nothing from another connection", () => {
    const allowance = new Allowance();
    kinds(1_000, () => allowance.hear("a", 500, 0));
    expect(allowance.hear("b", 500, 0)).toEqual({ kind: "pass" });
  });
});

describe("the connections of one thread", () => {
  test("are let in when all tabs come back at once, and not when somebody connects without end", () => {
    const allowance = new Allowance();
    expect(kinds(connectionsMax, () => allowance.open(0))).toEqual({ pass: connectionsMax });
    expect(kinds(200, () => allowance.open(0))).toEqual({ pass: 60 - connectionsMax, close: 140 + connectionsMax });
    expect(allowance.open(0)).toEqual({ kind: "close", waitMs: 500 });
    expect(allowance.open(500)).toEqual({ kind: "pass" });
  });

  const older = Array.from({ length: connectionsMax }, (_, n) => ({ id: `c${n}`, since: (n * 7) % connectionsMax }));

  test("stay while there is room", () => {
    expect(outlived(older.slice(1), { id: "new", since: 99 })).toEqual({ replaced: [], surplus: [] });
  });

  test("make room for the newest, the oldest first", () => {
    expect(outlived(older, { id: "new", since: 99 })).toEqual({ replaced: [], surplus: [{ id: "c0", since: 0 }] });
  });

  test("are replaced by the next of the same page, which needs nobody else's room", () => {
    expect(outlived(older, { id: "c3", since: 99 })).toEqual({ replaced: [older[3]], surplus: [] });
  });
});
