import { createHash } from "node:crypto";
import type { Receipt } from "@threadbox/contracts/program-runs";
import { describe, expect, test } from "vitest";
import { readReceipt, verifyReceipts } from "./verify-receipts.ts";

const chain = (count: number, first = 1): Receipt[] => {
  const receipts: Receipt[] = [];
  for (let at = 0; at < count; at += 1) {
    const before = receipts.at(-1)?.hash ?? (first === 1 ? "" : "of one that is not kept");
    const text = JSON.stringify({ sequence: first + at, at, durationMs: 1, calls: [1, 2], end: "returned", before });
    receipts.push({ text, hash: createHash("sha256").update(text).digest("hex") });
  }
  return receipts;
};

test("a chain that nobody has touched is whole, also where its beginning is not kept any more", async () => {
  expect(await verifyReceipts(chain(4))).toEqual({ kind: "whole", count: 4, anchored: 0 });
  expect(await verifyReceipts(chain(3, 17))).toEqual({ kind: "whole", count: 3, anchored: 0 });
  expect(await verifyReceipts([])).toEqual({ kind: "whole", count: 0, anchored: 0 });
});

test.each<[string, (receipts: Receipt[]) => Receipt[], number]>([
  [
    "was rewritten",
    (all) => all.map((each, at) => (at === 2 ? { ...each, text: each.text.replace('"at":2', '"at":9') } : each)),
    3,
  ],
  ["is missing", (all) => all.filter((_, at) => at !== 1), 3],
  ["was moved", (all) => [all[0], all[2], all[1], all[3]].filter((each) => each !== undefined), 3],
  ["is no receipt", (all) => all.map((each, at) => (at === 1 ? { ...each, text: "{" } : each)), 2],
  ["was put in with a hash of its own", (all) => [...all.slice(0, 2), ...chain(4).slice(0, 1), ...all.slice(2)], 1],
])("a chain of which one receipt %s is broken there", async (_, change, sequence) => {
  expect(await verifyReceipts(change(chain(4)))).toEqual({ kind: "broken", sequence });
});

const anchorsOf = (receipts: readonly Receipt[]) =>
  new Map(receipts.map(({ text, hash }) => [JSON.parse(text).sequence, hash]));

describe("against what another store knows of it, a chain", () => {
  test("that is the same one is whole, also where that store knows of some alone, or of those not kept any more", async () => {
    expect(await verifyReceipts(chain(4), anchorsOf(chain(4)))).toMatchObject({ kind: "whole", anchored: 4 });
    expect(await verifyReceipts(chain(4), anchorsOf(chain(4).slice(1, 3)))).toMatchObject({
      kind: "whole",
      anchored: 2,
    });
    const long = chain(203);
    expect(await verifyReceipts(long.slice(3), anchorsOf(long))).toMatchObject({ kind: "whole", anchored: 200 });
  });

  test("that was rewritten from some receipt on, and follows, is found there", async () => {
    const [first, ...others] = chain(4);
    const text = others[0]?.text.replace('"at":1', '"at":9') ?? "";
    const rewritten = [first, { text, hash: createHash("sha256").update(text).digest("hex") }].filter(
      (each) => each !== undefined,
    );
    expect(await verifyReceipts(rewritten, anchorsOf(chain(2)))).toEqual({ kind: "rewritten", sequence: 2 });
  });

  test("that lacks its end, its beginning or all of it lacks what that store knows", async () => {
    expect(await verifyReceipts(chain(4).slice(0, 3), anchorsOf(chain(4)))).toEqual({ kind: "missing", sequence: 4 });
    expect(await verifyReceipts(chain(4).slice(1), anchorsOf(chain(4)))).toEqual({ kind: "missing", sequence: 1 });
    expect(await verifyReceipts([], anchorsOf(chain(2)))).toEqual({ kind: "missing", sequence: 1 });
  });
});

test("a receipt of another version shows what is known of it", () => {
  expect(readReceipt({ text: '{"sequence":1,"at":2,"before":""}', hash: "" })).toMatchObject({
    end: "failed",
    calls: 0,
  });
});
