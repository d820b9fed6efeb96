import { Schema } from "effect";
import { secretLimits } from "./secret-limits.ts";
import { CreateSecret } from "./secrets.ts";

/**
 * The JWT by which an operator speaks to the worker from a command line. Signed with the key that signs service tokens: who
 * holds that reads what the import moves anyway.
 */
export const operatorToken = {
  alg: "ES256",
  type: "operator+jwt",
  issuer: "https://threadbox.invalid/operator",
  audience: "threadbox-vault",
  lifetimeSeconds: 60,
} as const;

const { name, usage, hosts, value } = CreateSecret.fields;

/** Body of `POST /internal/operator/secrets`: credentials that were plain configuration, for every thread. */
export const ImportSecrets = Schema.Struct({
  secrets: Schema.Array(Schema.Struct({ name, usage, hosts, value })).check(
    Schema.isMinLength(1),
    Schema.isMaxLength(secretLimits.namesMax),
  ),
});
export type ImportSecrets = typeof ImportSecrets.Type;

/** What became of each. One that the vault has already is left as it is: another value is a rotation. */
export const ImportedSecrets = Schema.Struct({
  secrets: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      outcome: Schema.Literals(["imported", "kept", "refused"]),
      /** Of one that was refused: why. */
      reason: Schema.NullOr(Schema.String),
    }),
  ),
});
export type ImportedSecrets = typeof ImportedSecrets.Type;
