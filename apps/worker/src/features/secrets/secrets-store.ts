import type { SecretName } from "@threadbox/contracts/secrets";
import { Context, Effect, Layer, Redacted } from "effect";
import { log } from "../../platform/log.ts";

/** One secret of Cloudflare's Secrets Store, as a binding gives it: `get` throws where the store has none. */
interface StoreBinding {
  get(): Promise<string>;
}

/** `SECRETS_STORE_API_KEY` is the binding of the secret that programs know as `API_KEY`. */
const bindingPrefix = "SECRETS_STORE_";

const isBinding = (value: unknown): value is StoreBinding =>
  typeof value === "object" && value !== null && "get" in value && typeof value.get === "function";

export interface SecretsStoreShape {
  /** The value of the binding with that name; null where nothing is bound, or the store has no value for it. */
  get(name: SecretName): Effect.Effect<Redacted.Redacted<string> | null>;
}

/** Secrets that whoever deploys the worker has bound to it, for the programs of every thread. */
export class SecretsStore extends Context.Service<SecretsStore, SecretsStoreShape>()(
  "threadbox/worker/features/secrets/SecretsStore",
) {}

export const secretsStoreLayer = (env: object): Layer.Layer<SecretsStore> =>
  Layer.succeed(SecretsStore, {
    get: Effect.fn("SecretsStore.get")(function* (name: SecretName) {
      const binding: unknown = Reflect.get(env, bindingPrefix + name);
      if (!isBinding(binding)) return null;
      // The store's own words may name more than a log should hold.
      const value = yield* Effect.tryPromise(() => binding.get()).pipe(Effect.catch(() => Effect.succeed("")));
      if (value === "") log("secrets.store.absent", { name });
      return value === "" ? null : Redacted.make(value);
    }),
  });
