import { readCompactToken } from "@threadbox/contracts/compact-token";
import { SandboxCredentialClaims, sandboxCredential } from "@threadbox/contracts/sandbox-credential";
import { Effect, Redacted, Schema } from "effect";
import { jwtVerify, SignJWT } from "jose";
import { Recent } from "../../platform/recent.ts";

/** Longest encoded credential that is looked at, in bytes. */
const sizeBytesMax = 2048;

export class CredentialInvalidError extends Schema.TaggedError<CredentialInvalidError>()("CredentialInvalidError", {}) {
  readonly wireTag = "TokenInvalid" as const;
  override get message() {
    return "The sandbox credential is not valid.";
  }
}

const decodeClaims = Schema.decodeUnknownEffect(SandboxCredentialClaims);

/** Signs what a sandbox shows at the model gateway. It has no end of its own: it dies with its generation. */
export const signSandboxCredential = (
  claims: Pick<SandboxCredentialClaims, "sandbox_name" | "thread_id" | "generation" | "iat">,
  key: Redacted.Redacted<Uint8Array>,
): Effect.Effect<string> =>
  Effect.promise(() =>
    new SignJWT({ sandbox_name: claims.sandbox_name, thread_id: claims.thread_id, generation: claims.generation })
      .setProtectedHeader({ alg: sandboxCredential.alg, typ: sandboxCredential.typ })
      .setIssuer(sandboxCredential.issuer)
      .setAudience(sandboxCredential.audience)
      .setIssuedAt(claims.iat)
      .sign(Redacted.value(key)),
  );

const verifyAnew = Effect.fnUntraced(function* (credential: string, key: Redacted.Redacted<Uint8Array>) {
  if (credential.length > sizeBytesMax || readCompactToken(credential) === null)
    return yield* new CredentialInvalidError();
  const { payload } = yield* Effect.tryPromise({
    try: () =>
      jwtVerify(credential, Redacted.value(key), {
        algorithms: [sandboxCredential.alg],
        typ: sandboxCredential.typ,
        issuer: sandboxCredential.issuer,
        audience: sandboxCredential.audience,
      }),
    catch: () => new CredentialInvalidError(),
  });
  return yield* Effect.mapError(decodeClaims(payload), () => new CredentialInvalidError());
});

const verifiedMax = 2_000;
/** What was found valid, by the key that it was signed with. A credential has no end, so its claims do not change. */
const verified = new WeakMap<Redacted.Redacted<Uint8Array>, Recent<string, SandboxCredentialClaims>>();

const verifiedBy = (key: Redacted.Redacted<Uint8Array>): Recent<string, SandboxCredentialClaims> => {
  const known = verified.get(key) ?? new Recent<string, SandboxCredentialClaims>(verifiedMax);
  verified.set(key, known);
  return known;
};

/**
 * Checks signature and pins, of each valid credential once. Whether the generation is still the current one is asked of
 * the thread's sandbox, every time.
 */
export const verifySandboxCredential = Effect.fnUntraced(function* (
  credential: string,
  key: Redacted.Redacted<Uint8Array>,
) {
  const known = verifiedBy(key);
  const before = known.get(credential);
  if (before !== undefined) return before;
  const claims = yield* verifyAnew(credential, key);
  known.set(credential, claims);
  return claims;
});
