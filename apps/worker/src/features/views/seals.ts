import { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import { ViewTarget } from "@threadbox/contracts/views";
import { Effect, Redacted, Schema } from "effect";
import { EncryptJWT, jwtDecrypt } from "jose";

/** What a ticket grants, and after it the cookie it became. */
export const ViewGrant = Schema.Struct({
  threadId: ThreadId,
  userId: UserId,
  target: ViewTarget,
  /** The sandbox's. */
  generation: Generation,
  /** The user's; see `UserViews`. */
  epoch: Schema.Int,
  /** The origin it is for. */
  label: Schema.String,
  /** Path on that origin where the view begins. */
  path: Schema.String,
  /** Of this one grant: 32 random bytes. */
  id: Schema.String,
  /** Milliseconds since 1970. */
  expiresAt: Schema.Number,
});
export type ViewGrant = typeof ViewGrant.Type;

/** A ticket is no cookie and a cookie no ticket: each has a key of its own. */
export type SealKind = "ticket" | "session";

/** Longest sealed text that is looked at, in characters. */
const sizeMax = 2048;
const algorithms = { alg: "dir", enc: "A256GCM" } as const;
const decodeGrant = Schema.decodeUnknownEffect(Schema.fromJsonString(ViewGrant));

/** A text that is not one of our seals, or is over. */
export class SealInvalidError extends Schema.TaggedError<SealInvalidError>()("SealInvalidError", {}) {}

/** The keys of all views, derived from one of the worker's own, so that none can stand in for another. */
export interface ViewKeys {
  readonly label: CryptoKey;
  readonly ticket: Uint8Array;
  readonly session: Uint8Array;
}

export const deriveViewKeys = (root: Redacted.Redacted<Uint8Array>): Effect.Effect<ViewKeys> =>
  Effect.promise(async () => {
    const material = await crypto.subtle.importKey("raw", Redacted.value(root), "HKDF", false, ["deriveBits"]);
    const derive = async (purpose: string) => {
      const info = new TextEncoder().encode(`threadbox view ${purpose}`);
      const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
      return new Uint8Array(await crypto.subtle.deriveBits(parameters, material, 256));
    };
    const hmac = { name: "HMAC", hash: "SHA-256" };
    return {
      label: await crypto.subtle.importKey("raw", await derive("label"), hmac, false, ["sign"]),
      ticket: await derive("ticket"),
      session: await derive("session"),
    };
  });

/** Encrypted, so that neither an address nor a cookie jar tells whose view it is. */
export const sealGrant = (keys: ViewKeys, kind: SealKind, grant: ViewGrant): Effect.Effect<string> =>
  Effect.promise(() =>
    new EncryptJWT({ grant: JSON.stringify(grant) })
      .setProtectedHeader({ ...algorithms, typ: kind })
      .encrypt(keys[kind]),
  );

export const unsealGrant = Effect.fnUntraced(function* (keys: ViewKeys, kind: SealKind, text: string, now: number) {
  if (text.length > sizeMax) return yield* new SealInvalidError();
  const { payload } = yield* Effect.tryPromise({
    try: () =>
      jwtDecrypt(text, keys[kind], {
        keyManagementAlgorithms: [algorithms.alg],
        contentEncryptionAlgorithms: [algorithms.enc],
        typ: kind,
      }),
    catch: () => new SealInvalidError(),
  });
  const grant = yield* Effect.mapError(decodeGrant(payload.grant), () => new SealInvalidError());
  if (grant.expiresAt <= now) return yield* new SealInvalidError();
  return grant;
});
