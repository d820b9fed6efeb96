import { describe, expect, test } from "vitest";
import { RefusalLedger } from "./refusal-ledger.ts";

describe("refusals that are alike", () => {
  test("are one row in a minute, and told only when their count has doubled", () => {
    const ledger = new RefusalLedger();
    const told = Array.from({ length: 10_000 }, () => ledger.count(["request.refused", "TokenInvalid", ""], 60_000));
    expect(new Set(told.map(({ auditId }) => auditId)).size).toBe(1);
    expect(told.flatMap(({ count }) => count ?? [])).toEqual(Array.from({ length: 14 }, (_, power) => 2 ** power));
  });

  test("are another row in the next minute, for another subject and for another tag", () => {
    const ledger = new RefusalLedger();
    const rows = [
      ledger.count(["request.refused", "TokenInvalid", "ada"], 59_999),
      ledger.count(["request.refused", "TokenInvalid", "ada"], 60_000),
      ledger.count(["request.refused", "TokenInvalid", "max"], 60_000),
      ledger.count(["request.refused", "RateLimited", "ada"], 60_000),
    ];
    expect(rows.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
    expect(new Set(rows.map(({ auditId }) => auditId)).size).toBe(4);
  });
});
