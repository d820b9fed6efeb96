import { SecretId, SecretName } from "@threadbox/contracts/secrets";
import { describe, expect, test } from "vitest";
import type { ChainRow } from "./chain.ts";
import { findRows, wordsOf } from "./find-rows.ts";

const row = (sequence: number): ChainRow => ({
  ...{ sequence, at: sequence, actor: sequence % 7 === 0 ? "user_ada" : "vault", action: "secret.rotated" },
  ...{ secretId: SecretId.make("sec_0123456789abcdef"), name: SecretName.make("KEY"), scope: "all", version: sequence },
  ...{ reason: sequence === 3 ? "Quarterly rotation" : "", requestId: `r${sequence}`, kid: "k", hash: "" },
});
const chain = (length: number) => (before: number, count: number) =>
  Array.from({ length }, (_, at) => row(length - at))
    .filter(({ sequence }) => sequence < before)
    .slice(0, count);
const sequences = (found: ReturnType<typeof findRows>) => found.rows.map(({ sequence }) => sequence);

describe("rows of the audit", () => {
  test("come in pages, each row once", () => {
    const first = findRows(chain(5), null, 2, []);
    expect([sequences(first), first.before]).toEqual([[5, 4], 4]);
    const last = findRows(chain(5), 2, 2, []);
    expect([sequences(last), last.before]).toEqual([[1], null]);
    expect(findRows(chain(2), null, 2, []).before).toBeNull();
  });

  test("are found by every word among all that there are, however old", () => {
    expect(sequences(findRows(chain(1_200), null, 5, wordsOf("quarterly KEY v3 Rotated")))).toEqual([3]);
    const ada = findRows(chain(1_200), null, 100, wordsOf("ada"));
    const older = findRows(chain(1_200), ada.before, 100, wordsOf("ada"));
    expect([ada.rows.length, older.rows.length, older.before]).toEqual([100, 71, null]);
    expect(sequences(findRows(chain(20), null, 5, wordsOf("nobody")))).toEqual([]);
  });

  test("that one answer doesn't reach are for the next one", () => {
    const found = findRows(chain(10_400), null, 5, wordsOf("quarterly"));
    expect([sequences(found), found.before]).toEqual([[], 401]);
    expect(sequences(findRows(chain(10_400), found.before, 5, wordsOf("quarterly")))).toEqual([3]);
  });
});
