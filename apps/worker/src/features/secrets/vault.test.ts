import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Generation, UserId } from "@threadbox/contracts/ids";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import { type CreateSecret, SecretName, type SecretView } from "@threadbox/contracts/secrets";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { VaultBook } from "./book.ts";
import type { VaultOutcome } from "./errors.ts";

let serial = 0;
/** A vault of its own, and times of its own: the tests' clock begins at the present, since alarms go by it. */
const newVault = () => {
  serial += 1;
  const vault = env.VAULT.getByName(`vault-of-a-test-${serial}`);
  const start = Date.now();
  const change = (now = start) => ({ actor: UserId.make("user_admin"), requestId: `r${now}`, now });
  const wish = (more: Partial<CreateSecret> = {}): CreateSecret => ({
    name: SecretName.make("MODEL_API_KEY"),
    scope: { kind: "all" },
    usage: "internal",
    value: "sk-canary-1",
    reason: "The first.",
    ...more,
  });
  const threadId = newThreadId();
  const lease = (now = start, more: { readonly name?: SecretName; readonly usage?: "env" | "internal" } = {}) =>
    vault.lease({
      name: SecretName.make("MODEL_API_KEY"),
      usage: "internal",
      kind: "gateway",
      threadId,
      generation: Generation.make(1),
      host: null,
      requestId: "r",
      now,
      ...more,
    });
  return { vault, start, change, wish, threadId, lease };
};

const given = async <A>(work: Promise<VaultOutcome<A>>): Promise<A> => {
  const outcome = await work;
  if (!outcome.isOk) throw new Error(`The vault refused: ${outcome.refusal}.`);
  return outcome.value;
};
const refusal = async (work: Promise<VaultOutcome<unknown>>): Promise<string> => {
  const outcome = await work;
  return outcome.isOk ? "none" : outcome.refusal;
};
const statesOf = ({ versions }: SecretView) => versions.map(({ version, state }) => `${version} ${state}`);
const rotation = (expectedVersion: number, more: object = {}) => ({
  value: `sk-canary-${expectedVersion + 1}`,
  reason: "Rotated.",
  expectedVersion,
  overlapMinutes: 0,
  ...more,
});

describe("a secret", () => {
  test("is handed out as it was given, and shown without its value", async () => {
    const { vault, start, change, wish, lease } = newVault();
    const created = await given(vault.create(wish(), change()));
    expect(created).toMatchObject({
      name: "MODEL_API_KEY",
      minVersion: 1,
      versions: [{ version: 1, state: "active" }],
    });
    expect(await given(lease())).toMatchObject({ value: "sk-canary-1", version: 1, expiresAt: null });
    expect(JSON.stringify([created, await vault.list(start), await vault.audit(null, 50)])).not.toContain("canary");
  });

  test("of a user's own counts for their threads alone, is in no admin's list, and leaves nothing when it is retired", async () => {
    const { vault, start, change, threadId } = newVault();
    const name = SecretName.make("MODEL_KEY_1");
    const [userId, stranger] = [UserId.make("user_1"), UserId.make("user_2")];
    const own = { name, scope: { kind: "user", userId }, usage: "internal", reason: "Added." } as const;
    const created = await given(vault.create({ ...own, value: "sk-canary-own" }, change()));
    const wish = { name, usage: "internal", kind: "gateway", threadId, generation: Generation.make(1) } as const;
    const leaseFor = (owner?: UserId) =>
      vault.lease({
        ...wish,
        host: null,
        requestId: "r",
        now: start,
        ...(owner === undefined ? {} : { userId: owner }),
      });
    expect(await given(leaseFor(userId))).toMatchObject({ value: "sk-canary-own" });
    expect([await refusal(leaseFor(stranger)), await refusal(leaseFor())]).toEqual(["notFound", "notFound"]);
    expect(await vault.list(start)).toEqual([]);
    expect(await given(vault.open(created.id, "Tested.", change()))).toBe("sk-canary-own");
    expect(statesOf(await given(vault.retire(created.id, "Removed.", change())))).toEqual(["1 destroyed"]);
    expect(await refusal(leaseFor(userId))).toBe("revoked");
    const stored = await runInDurableObject(vault, (_, { storage }) =>
      storage.sql.exec("select sealed from versions where secret_id = ?", created.id).toArray(),
    );
    expect(stored).toEqual([{ sealed: null }]);
    const { rows } = await vault.audit(null, 10);
    expect(rows.map(({ action, scope }) => `${action} ${scope}`)).toEqual([
      "secret.destroyed user:user_1",
      "secret.revoked user:user_1",
      "secret.leased user:user_1",
      "secret.leased user:user_1",
      "secret.created user:user_1",
    ]);
  });

  test("lies in the storage as ciphertext only", async () => {
    const { vault, change, wish } = newVault();
    await given(vault.create(wish(), change()));
    const stored = await runInDurableObject(vault, (_, { storage }) =>
      ["secrets", "versions", "holders", "chain"].map((table) => storage.sql.exec(`select * from ${table}`).toArray()),
    );
    expect(JSON.stringify(stored)).toContain("MODEL_API_KEY");
    expect(JSON.stringify(stored)).not.toContain("canary");
  });

  test("that is rotated is handed out anew at once, and the version before it ends", async () => {
    const { vault, change, wish, lease } = newVault();
    const { id } = await given(vault.create(wish(), change()));
    const rotated = await given(vault.rotate(id, rotation(1), change()));
    expect(statesOf(rotated)).toEqual(["2 active", "1 revoked"]);
    expect(rotated.minVersion).toBe(2);
    expect(await given(lease())).toMatchObject({ value: "sk-canary-2", version: 2, expiresAt: null });
  });

  test("keeps the version before it through its overlap and no longer, which an alarm writes down", async () => {
    const { vault, start, change, wish } = newVault();
    const { id } = await given(vault.create(wish(), change()));
    const rotated = await given(vault.rotate(id, rotation(1, { overlapMinutes: 5 }), change()));
    expect(statesOf(rotated)).toEqual(["2 active", "1 overlap"]);
    const [later] = await vault.list(start + 5 * 60_000);
    expect(later && statesOf(later)).toEqual(["2 active", "1 revoked"]);
    expect(await runInDurableObject(vault, (_, { storage }) => storage.getAlarm())).toBe(start + 5 * 60_000);
    await given(vault.create(wish({ name: SecretName.make("LATER") }), change(start + 5 * 60_000)));
    const { rows } = await vault.audit(null, 50);
    expect(rows.map(({ action, version }) => `${action} ${version}`)).toContain("secret.overlap_ended 1");
    expect(await runDurableObjectAlarm(vault)).toBe(false);
  });

  test("is changed by one of two who know the same version", async () => {
    const { vault, change, wish } = newVault();
    const { id } = await given(vault.create(wish(), change()));
    const both = await Promise.all([
      refusal(vault.rotate(id, rotation(1, { value: "one" }), change())),
      refusal(vault.rotate(id, rotation(1, { value: "other" }), change())),
    ]);
    expect(both.sort()).toEqual(["conflict", "none"]);
    const { chain } = await vault.audit(null, 50);
    expect(chain).toEqual({ length: 3, brokenAt: null });
  });

  test("that is revoked is handed out to nobody, whatever was valid before it", async () => {
    const { vault, change, wish, lease } = newVault();
    const { id } = await given(vault.create(wish(), change()));
    await given(vault.rotate(id, rotation(1, { overlapMinutes: 60 }), change()));
    const revoked = await given(vault.revoke(id, { version: 2, reason: "Leaked." }, change()));
    expect(statesOf(revoked)).toEqual(["2 revoked", "1 revoked"]);
    expect(await refusal(lease())).toBe("revoked");
    expect(await refusal(vault.revoke(id, { version: 2, reason: "Again." }, change()))).toBe("ended");
    await given(vault.rotate(id, rotation(2), change()));
    expect(await given(lease())).toMatchObject({ version: 3 });
  });

  test("that has expired is handed out to nobody", async () => {
    const { vault, start, change, wish, lease } = newVault();
    expect(await refusal(vault.create(wish({ expiresAt: start }), change()))).toBe("past");
    await given(vault.create(wish({ expiresAt: start + 10 }), change()));
    expect(await given(lease(start + 9))).toMatchObject({ version: 1 });
    expect(await refusal(lease(start + 10))).toBe("revoked");
  });

  test("is destroyed only once it is revoked, and leaves nothing to open", async () => {
    const { vault, change, wish } = newVault();
    const { id } = await given(vault.create(wish(), change()));
    const end = { version: 1, reason: "Old." };
    expect(await refusal(vault.destroy(id, end, change()))).toBe("notRevoked");
    await given(vault.revoke(id, end, change()));
    expect(statesOf(await given(vault.destroy(id, end, change())))).toEqual(["1 destroyed"]);
    const sealed = await runInDurableObject(vault, (_, { storage }) =>
      storage.sql.exec("select sealed, kid from versions").toArray(),
    );
    expect(sealed).toEqual([{ sealed: null, kid: null }]);
  });

  test("of the thread counts before that of all, and keeps counting when it is revoked", async () => {
    const { vault, change, wish, threadId, lease } = newVault();
    await given(vault.create(wish({ value: "for-all" }), change()));
    const { id } = await given(
      vault.create(wish({ value: "for-thread", scope: { kind: "thread", threadId } }), change()),
    );
    expect(await given(lease())).toMatchObject({ value: "for-thread" });
    await given(vault.revoke(id, { version: 1, reason: "Leaked." }, change()));
    expect(await refusal(lease())).toBe("revoked");
  });

  test("of one use is not found for the other", async () => {
    const { vault, change, wish, start, lease } = newVault();
    await given(vault.create(wish(), change()));
    expect(await refusal(lease(start, { usage: "env" }))).toBe("notFound");
    expect(await refusal(lease(start, { name: SecretName.make("MISSING") }))).toBe("notFound");
  });
});

describe("a record that cannot be opened", () => {
  test("refuses by its name, disturbs no other, and is cured by a new version", async () => {
    const { vault, start, change, wish, lease } = newVault();
    const { id } = await given(vault.create(wish(), change()));
    const other = SecretName.make("OTHER");
    await given(vault.create(wish({ name: other, value: "whole" }), change()));
    await runInDurableObject(vault, (_, { storage }) => {
      const sql = "update versions set sealed = (select sealed from versions where secret_id <> ?) where secret_id = ?";
      storage.sql.exec(sql, id, id);
    });
    expect(await lease()).toEqual({ isOk: false, refusal: "broken", secret: "MODEL_API_KEY" });
    expect(await given(lease(start, { name: other }))).toMatchObject({ value: "whole" });
    await given(vault.rotate(id, rotation(1), change()));
    expect(await given(lease())).toMatchObject({ value: "sk-canary-2" });
  });
});

describe("the vault", () => {
  test("says who has which version, and when that was last seen", async () => {
    const { vault, start, change, wish, threadId, lease } = newVault();
    const { id } = await given(vault.create(wish(), change()));
    await given(lease());
    const rotated = await given(vault.rotate(id, rotation(1), change()));
    expect(rotated.holders).toEqual([
      { kind: "gateway", threadId, generation: 1, version: 1, at: start, reach: "used" },
    ]);
    await Promise.all([lease(start + 10_000), lease(start + 10_000), lease(start + 10_000)]);
    const [after] = await vault.list(start + 10_000);
    expect(after?.holders).toMatchObject([{ threadId, version: 2, at: start + 10_000 }]);
    const { rows, chain } = await vault.audit(null, 50);
    expect(rows.filter(({ action }) => action === "secret.leased").map(({ version }) => version)).toEqual([2, 1]);
    expect(chain.brokenAt).toBeNull();
    const [dayAfter] = await vault.list(start + 25 * 3_600_000);
    expect(dayAfter?.holders).toEqual([]);
  });

  test("A88: finds the row of its audit that somebody has changed", async () => {
    const { vault, change, wish } = newVault();
    const { id } = await given(vault.create(wish(), change()));
    await given(vault.rotate(id, rotation(1), change()));
    await runInDurableObject(vault, (_, { storage }) => {
      storage.sql.exec("update chain set actor = 'user_other' where sequence = 2");
    });
    expect((await vault.audit(null, 50)).chain.brokenAt).toBe(2);
  });

  test("takes no value that is empty, too long, the same again, or would break a header", async () => {
    const { vault, change, wish } = newVault();
    const tooLong = "x".repeat(secretLimits.valueBytesMax + 1);
    expect(await refusal(vault.create(wish({ value: "" }), change()))).toBe("empty");
    expect(await refusal(vault.create(wish({ value: tooLong }), change()))).toBe("tooLong");
    for (const value of ["two words", "line\n", "schlüssel"])
      expect(await refusal(vault.create(wish({ value }), change()))).toBe("notForHeaders");
    const name = SecretName.make("FOR_PROGRAMS");
    await given(vault.create(wish({ name, usage: "env", value: "two words\nand a line" }), change()));
    const { id } = await given(vault.create(wish(), change()));
    expect(await refusal(vault.create(wish(), change()))).toBe("exists");
    expect(await refusal(vault.rotate(id, rotation(1, { value: "sk-canary-1" }), change()))).toBe("same");
    expect(await refusal(vault.rotate(id, rotation(7), change()))).toBe("conflict");
  });

  test("holds so many secrets and no more", async () => {
    const { vault, change, wish } = newVault();
    await runInDurableObject(vault, (_, { storage }) => {
      for (let count = 0; count < secretLimits.secretsMax; count += 1)
        storage.sql.exec(
          "insert into secrets values (?, ?, 'all', '{\"kind\":\"all\"}', 'env', '[]', 1, 0, 'admin')",
          ...[`sec_${String(count).padStart(16, "0")}`, `NAME_${count}`],
        );
    });
    expect(await refusal(vault.create(wish(), change()))).toBe("full");
  });

  test("of before users had secrets for programs knows whose each is", async () => {
    const { vault, change, wish } = newVault();
    const user = UserId.make("user_of_old");
    const scope = { kind: "user", userId: user } as const;
    const name = SecretName.make("MODEL_KEY_1");
    await given(vault.create(wish({ scope, name }), { ...change(), owner: user }));
    await given(vault.create(wish({ scope, usage: "env" }), change()));
    await runInDurableObject(vault, (_, { storage }) => {
      storage.sql.exec("alter table secrets drop column kept_by");
      const book = new VaultBook(storage);
      expect([book.findNamed(name, scope)?.keptBy, book.count()]).toEqual(["user", 1]);
    });
  });
});
