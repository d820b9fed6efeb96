import { adminSecretsStore } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { SecretName } from "@threadbox/contracts/secrets";
import { Effect, Redacted } from "effect";
import { expect, test } from "vitest";
import { SecretsStore, secretsStoreLayer } from "./secrets-store.ts";

const binding = (env as unknown as { SECRETS_STORE_CHANGED_KEY: SecretsStoreSecret }).SECRETS_STORE_CHANGED_KEY;
const get = async (name: string): Promise<string | null> => {
  const read = SecretsStore.use((store) => store.get(SecretName.make(name)));
  const value = await Effect.runPromise(Effect.provide(read, secretsStoreLayer(env)));
  return value === null ? null : Redacted.value(value);
};

test("S0.7: a binding is read anew at each use, and one without a value is no secret", async () => {
  expect(await get("CHANGED_KEY")).toBeNull();
  const admin = adminSecretsStore(binding);
  const id = await admin.create("first-value");
  expect(await get("CHANGED_KEY")).toBe("first-value");
  await admin.update("second-value", id);
  expect(await get("CHANGED_KEY")).toBe("second-value");
  await admin.delete(id);
  expect(await get("CHANGED_KEY")).toBeNull();
});

test("what isn't bound under its own name isn't there, whatever else the worker is configured with", async () => {
  for (const name of ["VAULT_KEYS", "CONVEX_URL", "BOUND", "OTHER_KEY"]) expect(await get(name)).toBeNull();
});
