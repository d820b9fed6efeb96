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
  /** The preview link that it came by; absent where its user opened it. */
  linkId: Schema.optionalKey(Schema.String),
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

/** What a preview link says. Where and until when it is good stands with its owner (`UserViews`), so that it can be revoked. */
export const LinkSeal = Schema.Struct({ id: Schema.String, userId: UserId, expiresAt: Schema.Number });
export type LinkSeal = typeof LinkSeal.Type;

/** A ticket is no cookie and a cookie no ticket: each has a key of its own. */
export type SealKind = "ticket" | "session" | "link";

/** Longest sealed text that is looked at, in characters. */
const sizeMax = 2048;
const algorithms = { alg: "dir", enc: "A256GCM" } as const;

/** A text that is not one of our seals, or is over. */
export class SealInvalidError extends Schema.TaggedError<SealInvalidError>()("SealInvalidError", {}) {}

/** The keys of all views, derived from one of the worker's own, so that none can stand in for another. */
export interface ViewKeys {
  readonly label: CryptoKey;
  readonly ticket: Uint8Array;
  readonly session: Uint8Array;
  readonly link: Uint8Array;
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
      link: await derive("link"),
    };
  });

/** The same keys, derived when they are first asked for. */
export const lazyViewKeys = (root: Redacted.Redacted<Uint8Array>): Effect.Effect<ViewKeys> => {
  let derived: ViewKeys | null = null;
  return Effect.gen(function* () {
    derived ??= yield* deriveViewKeys(root);
    return derived;
  });
};

interface Sealed {
  readonly expiresAt: number;
}

/** Encrypted, so that neither an address nor a cookie jar tells whose view it is. */
const seal = (key: Uint8Array, kind: SealKind, content: Sealed): Effect.Effect<string> =>
  Effect.promise(() =>
    new EncryptJWT({ grant: JSON.stringify(content) }).setProtectedHeader({ ...algorithms, typ: kind }).encrypt(key),
  );

const unsealer = <S extends Schema.Top & { readonly DecodingServices: never; readonly Type: Sealed }>(schema: S) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema));
  return Effect.fnUntraced(function* (key: Uint8Array, kind: SealKind, text: string, now: number) {
    if (text.length > sizeMax) return yield* new SealInvalidError();
    const { payload } = yield* Effect.tryPromise({
      try: () =>
        jwtDecrypt(text, key, {
          keyManagementAlgorithms: [algorithms.alg],
          contentEncryptionAlgorithms: [algorithms.enc],
          typ: kind,
        }),
      catch: () => new SealInvalidError(),
    });
    const content = yield* Effect.mapError(decode(payload.grant), () => new SealInvalidError());
    if (content.expiresAt <= now) return yield* new SealInvalidError();
    return content;
  });
};

const unsealViewGrant = unsealer(ViewGrant);
const unsealLinkSeal = unsealer(LinkSeal);

export const sealGrant = (keys: ViewKeys, kind: "ticket" | "session", grant: ViewGrant): Effect.Effect<string> =>
  seal(keys[kind], kind, grant);

export const unsealGrant = (keys: ViewKeys, kind: "ticket" | "session", text: string, now: number) =>
  unsealViewGrant(keys[kind], kind, text, now);

export const sealLink = (keys: ViewKeys, link: LinkSeal): Effect.Effect<string> => seal(keys.link, "link", link);

export const unsealLink = (keys: ViewKeys, text: string, now: number) => unsealLinkSeal(keys.link, "link", text, now);
