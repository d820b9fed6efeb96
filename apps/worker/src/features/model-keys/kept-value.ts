import type { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import type { ModelKeyId } from "@threadbox/contracts/model-keys";
import { type SecretId, SecretName } from "@threadbox/contracts/secrets";
import { Effect, Redacted } from "effect";
import { SecretVault } from "../secrets/index.ts";
import { modelKeyRefused } from "./errors.ts";

/** The name that the vault keeps a key's value under, in its user's own scope. */
const nameOf = (keyId: ModelKeyId): SecretName => SecretName.make(`MODEL_${keyId.toUpperCase()}`);

interface Deed {
  readonly userId: UserId;
  readonly requestId: string;
}

const by = ({ userId, requestId }: Deed) => ({ actor: userId, owner: userId, requestId });

/** Puts a value into the vault, bound to its host. Answers with the secret's id. */
export const keepValue = Effect.fnUntraced(function* (
  keyId: ModelKeyId,
  host: string,
  value: Redacted.Redacted<string>,
  deed: Deed,
) {
  const vault = yield* SecretVault;
  const { id } = yield* vault.create(
    {
      name: nameOf(keyId),
      scope: { kind: "user", userId: deed.userId },
      usage: "internal",
      hosts: [host],
      value: Redacted.value(value),
      reason: "Added in Settings.",
    },
    by(deed),
  );
  return id;
});

/** Another value from now on; the one before ends at once, and with it what is open with it. */
export const replaceValue = Effect.fnUntraced(function* (
  secretId: SecretId,
  expectedVersion: number,
  value: Redacted.Redacted<string>,
  deed: Deed,
) {
  const vault = yield* SecretVault;
  const wish = { value: Redacted.value(value), reason: "Replaced in Settings.", expectedVersion, overlapMinutes: 0 };
  const { versions } = yield* vault.rotate(secretId, wish, by(deed));
  return versions[0]?.version ?? expectedVersion;
});

/** The value, for a test that its user asks for. */
export const openValueOf = (secretId: SecretId, deed: Deed) =>
  SecretVault.use((vault) => vault.open(secretId, "Tested in Settings.", by(deed)));

/** Ends the value and leaves nothing of it. */
export const endValue = (secretId: SecretId, deed: Deed) =>
  SecretVault.use((vault) => vault.retire(secretId, "Removed in Settings.", by(deed)));

/** Who is given the value, for one request to that host. */
export interface ValueWish extends Deed {
  readonly keyId: ModelKeyId;
  readonly threadId: ThreadId;
  readonly generation: Generation;
  readonly host: string;
}

/** Whether an admin has ended the value of one of that user's keys, by the key's id: when and why; null: none has. */
export const endedValuesOf = Effect.fnUntraced(function* (userId: UserId) {
  const vault = yield* SecretVault;
  const ends = yield* vault.endsOf(userId);
  return (keyId: ModelKeyId) => ends.get(nameOf(keyId)) ?? null;
});

/** The value as it is now. One that was ended is refused in words that say by whom. */
export const leaseValue = Effect.fnUntraced(function* ({ keyId, ...wish }: ValueWish) {
  const vault = yield* SecretVault;
  const lease = vault.lease({ ...wish, name: nameOf(keyId), usage: "internal", kind: "gateway" });
  return yield* Effect.catch(lease, (error) =>
    error.wireTag === "SecretRevoked"
      ? Effect.flatMap(endedValuesOf(wish.userId), (ends) =>
          modelKeyRefused(ends(keyId) === null ? "removed" : "ended"),
        )
      : error,
  );
});
