import { env } from "cloudflare:workers";
import { Generation, UserId } from "@threadbox/contracts/ids";
import { SecretName } from "@threadbox/contracts/secrets";
import { Effect } from "effect";
import { expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { whileHeld } from "./held-use.ts";
import { SecretVault, secretVaultLayer } from "./secret-vault.ts";

const change = { actor: UserId.make("user_admin"), requestId: "r" };
const name = SecretName.make("HELD_KEY");

const inVault = <A, E>(use: (vault: SecretVault["Service"]) => Effect.Effect<A, E>) =>
  Effect.runPromise(SecretVault.use(use).pipe(Effect.provide(secretVaultLayer(env))));

/** A secret of a thread of its own, and a request that was given it and streams. */
const openRequest = async () => {
  const threadId = newThreadId();
  const scope = { kind: "thread", threadId } as const;
  const wish = { name, scope, usage: "internal", value: "held-1", reason: "First." } as const;
  const { id } = await inVault((vault) => vault.create(wish, change));
  const lease = await inVault((vault) =>
    vault.lease({
      ...{ name, usage: "internal", kind: "gateway", threadId, host: null, requestId: "r" },
      generation: Generation.make(1),
    }),
  );
  const use = await inVault((vault) => vault.hold(lease));
  const upstream = { write: (_: Uint8Array) => {}, close: () => {}, isLeft: false };
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      upstream.write = (piece) => controller.enqueue(piece);
      upstream.close = () => controller.close();
    },
    cancel: () => {
      upstream.isLeft = true;
    },
  });
  const reader = whileHeld(new Response(source), [use]).body?.getReader();
  if (reader === undefined) throw new Error("There is no body.");
  const openUses = async () => {
    const secrets = await inVault((vault) => vault.list);
    return secrets.find((secret) => secret.id === id)?.versions.map((facts) => facts.openUses);
  };
  return { id, use, upstream, reader, openUses };
};
const bytes = new TextEncoder().encode("piece");
const rotation = (overlapMinutes: number) => ({
  ...{ value: "held-2", reason: "Rotated.", expectedVersion: 1, overlapMinutes },
  endsWhenAcknowledged: true,
});

test("A83: an answer that streams is cut when the secret that it was asked with is revoked", async () => {
  const { id, upstream, reader, openUses } = await openRequest();
  await expect.poll(openUses).toEqual([1]);
  upstream.write(bytes);
  expect((await reader.read()).value).toEqual(bytes);
  await inVault((vault) => vault.revoke(id, { version: 1, reason: "Leaked." }, change));
  await expect(reader.read()).rejects.toThrow();
  expect(upstream.isLeft).toBe(true);
});

test("it goes on undisturbed when the secret is rotated, and the version that it was asked with ends when it is over", async () => {
  const { id, use, upstream, reader, openUses } = await openRequest();
  await expect.poll(openUses).toEqual([1]);
  const rotated = await inVault((vault) => vault.rotate(id, rotation(60), change));
  expect(rotated.versions).toMatchObject([{ state: "active" }, { state: "overlap", openUses: 1 }]);
  upstream.write(bytes);
  expect((await reader.read()).value).toEqual(bytes);
  expect(use.ended.aborted).toBe(false);
  upstream.close();
  expect((await reader.read()).done).toBe(true);
  const states = async () => {
    const secrets = await inVault((vault) => vault.list);
    return secrets.find((secret) => secret.id === id)?.versions.map(({ state }) => state);
  };
  await expect.poll(states).toEqual(["active", "revoked"]);
});

test("it is cut too when its version ends at the rotation", async () => {
  const { id, use, reader, openUses } = await openRequest();
  await expect.poll(openUses).toEqual([1]);
  await inVault((vault) => vault.rotate(id, rotation(0), change));
  await expect(reader.read()).rejects.toThrow();
  expect(use.ended.aborted).toBe(true);
});

test("whoever follows the secrets hears of a change when it is made", async () => {
  const stream = await inVault((vault) => vault.follow);
  const reader = stream.getReader();
  await reader.read();
  const news = reader.read();
  await openRequest();
  expect((await news).done).toBe(false);
  await reader.cancel();
});
