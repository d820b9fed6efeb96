import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { UserId } from "@threadbox/contracts/ids";
import { SecretName } from "@threadbox/contracts/secrets";
import { describe, expect, test } from "vitest";
import { VaultBook } from "./book.ts";
import { AuditChain } from "./chain.ts";
import { EndBook } from "./end-book.ts";
import { VersionEnder } from "./ender.ts";
import { openValue } from "./envelope.ts";
import { ExposureBook } from "./exposure-book.ts";
import { VaultKeeper } from "./keeper.ts";
import type { MasterKeys } from "./master-keys.ts";
import { Resealing } from "./resealing.ts";
import { RolloutBook } from "./rollout-book.ts";
import { Sealer } from "./sealer.ts";
import { VaultWriter } from "./vault-writer.ts";

const keyOf = (kid: string) => new Uint8Array(32).fill(kid.charCodeAt(0));
const masterKeys = (current: string, ...others: string[]): MasterKeys => ({
  currentKid: current,
  byKid: new Map([current, ...others].map((kid) => [kid, keyOf(kid)])),
});

/** The parts of a vault over one storage, under these keys. */
const vaultUnder = (storage: DurableObjectStorage, keys: MasterKeys) => {
  const book = new VaultBook(storage);
  const chain = new AuditChain(keys);
  const writer = new VaultWriter(book, chain, () => {});
  const keeper = new VaultKeeper(
    book,
    new RolloutBook(storage),
    new ExposureBook(storage),
    new Sealer(book, keys),
    writer,
    { egress: [], all: [] },
  );
  const ender = new VersionEnder(book, new EndBook(storage), writer);
  return { book, chain, keeper, ender, resealing: new Resealing(book, keys, writer) };
};

let serial = 0;
const within = (work: (storage: DurableObjectStorage) => Promise<void>) => {
  serial += 1;
  const vault = env.VAULT.getByName(`vault-that-reseals-${serial}`);
  return runInDurableObject(vault, (_, { storage }) => work(storage));
};

const change = { actor: UserId.make("user_admin"), requestId: "r", now: 1 };
const fill = async ({ keeper }: ReturnType<typeof vaultUnder>, count: number) => {
  const ids = [];
  for (let at = 0; at < count; at += 1)
    ids.push(
      await keeper.create(
        {
          name: SecretName.make(`KEY_${at}`),
          scope: { kind: "all" },
          usage: "env",
          value: `value-${at}`,
          reason: "First.",
        },
        change,
      ),
    );
  return ids;
};
const kidsIn = (storage: DurableObjectStorage) =>
  storage.sql
    .exec("select kid, count(*) as n from versions group by kid order by kid")
    .toArray()
    .map(({ kid, n }) => [kid, n]);

describe("a new master key", () => {
  test("takes over every value, some at a time, also where the work was cut short", () =>
    within(async (storage) => {
      const ids = await fill(vaultUnder(storage, masterKeys("a")), 45);
      const first = vaultUnder(storage, masterKeys("b", "a"));
      await first.resealing.step(2);
      expect([first.resealing.isDone, kidsIn(storage)]).toEqual([
        false,
        [
          ["a", 25],
          ["b", 20],
        ],
      ]);
      const next = vaultUnder(storage, masterKeys("b", "a"));
      while (!next.resealing.isDone) await next.resealing.step(3);
      expect(kidsIn(storage)).toEqual([["b", 45]]);

      const alone = vaultUnder(storage, masterKeys("b"));
      const values = ids.map(async (id) => {
        const name = alone.book.find(id)?.name ?? "";
        const sealed = alone.book.sealed(id, 1);
        if (sealed === null) throw new Error("There is no value.");
        return openValue(masterKeys("b"), { purpose: "secret", scope: "all", name, version: 1 }, sealed);
      });
      expect(await Promise.all(values)).toEqual(ids.map((_, at) => `value-${at}`));
      const rows = next.book.chainAfter(45, 100);
      expect(rows.map(({ action }) => action)).toEqual(Array.from({ length: 45 }, () => "secret.resealed"));
      expect(await next.chain.findBreak({ sequence: 0, hash: "" }, next.book.chainAfter(0, 100))).toBeNull();
    }));

  test("passes over what can't be opened, and leaves it as it is", () =>
    within(async (storage) => {
      await fill(vaultUnder(storage, masterKeys("lost")), 1);
      storage.sql.exec("update secrets set name = 'OTHER', id = 'sec_0000000000000000'");
      storage.sql.exec("update versions set secret_id = 'sec_0000000000000000'");
      await fill(vaultUnder(storage, masterKeys("a")), 2);
      const vault = vaultUnder(storage, masterKeys("b", "a"));
      await vault.resealing.step(2);
      expect([vault.resealing.isDone, kidsIn(storage)]).toEqual([
        true,
        [
          ["b", 2],
          ["lost", 1],
        ],
      ]);
    }));

  test("doesn't bring back a value that is destroyed meanwhile", () =>
    within(async (storage) => {
      const before = vaultUnder(storage, masterKeys("a"));
      const [id] = await fill(before, 1);
      if (id === undefined) throw new Error("There is no secret.");
      const { book, resealing, ender } = vaultUnder(storage, masterKeys("b", "a"));
      const found = book.sealedByOthers("b", { secretId: "", version: 0 }, 1)[0];
      if (found === undefined) throw new Error("There is nothing to do.");
      await ender.revoke(id, { version: 1, reason: "Leaked." }, change);
      await ender.destroy(id, { version: 1, reason: "Leaked." }, change);
      book.reseal(found, found.sealed);
      await resealing.step(2);
      expect([book.sealed(id, 1), resealing.isDone]).toEqual([null, true]);
    }));

  test("finds nothing to do where nothing changed", () =>
    within(async (storage) => {
      const vault = vaultUnder(storage, masterKeys("a"));
      await fill(vault, 1);
      expect(vault.resealing.isDone).toBe(true);
    }));
});
