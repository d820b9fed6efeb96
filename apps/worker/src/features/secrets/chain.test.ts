import { SecretId, SecretName } from "@threadbox/contracts/secrets";
import { beforeAll, describe, expect, test } from "vitest";
import { AuditChain, type AuditDeed, type ChainRow, emptyChain } from "./chain.ts";
import type { MasterKeys } from "./master-keys.ts";

const keysOf = (kid: string, fill: number): MasterKeys => ({
  currentKid: kid,
  byKid: new Map([[kid, new Uint8Array(32).fill(fill)]]),
});
const chain = new AuditChain(keysOf("k1", 1));
const deed = (version: number): AuditDeed => ({
  at: 1_000 + version,
  actor: "user_a",
  action: "secret.rotated",
  secretId: SecretId.make("sec_0123456789abcdef"),
  name: SecretName.make("MODEL_API_KEY"),
  scope: "all",
  version,
  reason: "Why.",
  requestId: "r",
});

let rows: readonly ChainRow[];
beforeAll(async () => {
  rows = await chain.link(emptyChain, [1, 2, 3, 4].map(deed));
});

describe("the chain", () => {
  test("follows link by link, from the beginning or from any row", async () => {
    expect(rows.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(await chain.findBreak(emptyChain, rows)).toBeNull();
    const [, second] = rows;
    const head = { sequence: 2, hash: second?.hash ?? "" };
    expect(await chain.findBreak(head, rows.slice(2))).toBeNull();
    expect(await chain.link(head, [deed(3), deed(4)])).toEqual(rows.slice(2));
  });

  const changes: readonly [string, (all: ChainRow[]) => (ChainRow | undefined)[], number][] = [
    ["a changed reason", (all) => all.map((row) => (row.version === 2 ? { ...row, reason: "Other." } : row)), 2],
    ["another actor", (all) => all.map((row) => (row.version === 3 ? { ...row, actor: "user_b" } : row)), 3],
    ["a row taken out", ([a, , c, d]) => [a, c, d], 2],
    ["a row taken out and the rest counted anew", ([a, , c]) => [a, c && { ...c, sequence: 2 }], 2],
    ["rows that changed places", ([a, b, c, d]) => [a, c && { ...c, sequence: 2 }, b && { ...b, sequence: 3 }, d], 2],
    ["the first row taken out", ([, ...rest]) => rest, 1],
    ["a hash of nothing under a key of nobody", ([a, b]) => [a, b && { ...b, kid: "none", hash: "" }], 2],
  ];
  test.each(changes)("A88: %s is found", async (_, change, at) => {
    const changed = change([...rows]).filter((row) => row !== undefined);
    expect(await chain.findBreak(emptyChain, changed)).toBe(at);
  });

  test("A88: nobody without the master key can write it anew", async () => {
    const forged = await new AuditChain(keysOf("k1", 2)).link(emptyChain, [deed(1)]);
    expect(await chain.findBreak(emptyChain, forged)).toBe(1);
  });
});
