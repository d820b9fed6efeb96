import { readCompactToken } from "@threadbox/contracts/compact-token";
import { UserId } from "@threadbox/contracts/ids";
import { accessToken, type Viewer } from "@threadbox/contracts/viewer";
import { Clock, Context, Effect, Layer, Result, Schema } from "effect";
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { type AccessTokensConfig, WorkerConfig } from "../../config.ts";
import type { RefusedError } from "../../http/failure.ts";
import { IdentityUnavailableError, refused } from "./errors.ts";

export interface VerifiedAccess {
  readonly viewer: Viewer;
  /** When this person last signed in, in seconds since 1970; where the provider does not say, when it issued the token. */
  readonly signedInAt: number;
}

export interface AccessTokensShape {
  /** Checks shape, signature, pins and times of a token in compact form. */
  verify(token: string): Effect.Effect<VerifiedAccess, RefusedError | IdentityUnavailableError>;
}

export class AccessTokens extends Context.Service<AccessTokens, AccessTokensShape>()(
  "threadbox/worker/users/AccessTokens",
) {}

const jwksTimeoutMs = 5_000;

const Claims = Schema.Struct({
  sub: UserId,
  iat: Schema.Int,
  exp: Schema.Int,
  auth_time: Schema.optionalKey(Schema.Int),
  role: Schema.optionalKey(Schema.Unknown),
});
const decodeClaims = Schema.decodeUnknownResult(Claims);

/** A failure that says something of the key set's address and nothing of the token. */
const isOfKeys = (cause: unknown): boolean =>
  !(cause instanceof errors.JOSEError) ||
  cause instanceof errors.JWKSTimeout ||
  cause instanceof errors.JWKSInvalid ||
  cause.code === errors.JOSEError.code;

const refusalOf = (cause: unknown): RefusedError | IdentityUnavailableError => {
  if (cause instanceof errors.JWTExpired) return refused("TokenExpired");
  return isOfKeys(cause) ? new IdentityUnavailableError() : refused("TokenInvalid");
};

/** Why a token is refused before a key is asked for; null where nothing speaks against it. */
const refuseShape = (token: string): RefusedError | null => {
  const { typ, kid } = readCompactToken(token)?.header ?? {};
  const isKnownType = typ === undefined || accessToken.types.some((known) => known === typ);
  return typeof kid === "string" && isKnownType ? null : refused("TokenInvalid");
};

export const makeAccessTokens = (
  { issuer, audience }: AccessTokensConfig,
  keys: JWTVerifyGetKey,
): AccessTokensShape => ({
  verify: Effect.fn("AccessTokens.verify")(function* (token) {
    const shape = refuseShape(token);
    if (shape !== null) return yield* shape;
    const now = yield* Clock.currentTimeMillis;
    const { payload } = yield* Effect.tryPromise({
      try: () =>
        jwtVerify(token, keys, {
          algorithms: [accessToken.alg],
          issuer,
          requiredClaims: ["exp", "iat", "sub"],
          currentDate: new Date(now),
          ...(audience === null ? {} : { audience }),
        }),
      catch: refusalOf,
    });
    const claims = decodeClaims(payload);
    if (Result.isFailure(claims)) return yield* refused("TokenInvalid");
    const { sub, iat, exp, auth_time = iat, role } = claims.success;
    const latest = now / 1000 + accessToken.skewSecondsMax;
    if (exp <= iat || iat > latest || auth_time > latest) return yield* refused("TokenInvalid");
    return { viewer: { userId: sub, role: role === "admin" ? "admin" : "member" }, signedInAt: auth_time };
  }),
});

/** The provider's keys are fetched when the first token comes, kept, and asked for anew when a kid is not among them. */
export const accessTokensLayer: Layer.Layer<AccessTokens, never, WorkerConfig> = Layer.effect(
  AccessTokens,
  Effect.map(WorkerConfig, ({ accessTokens }) =>
    makeAccessTokens(
      accessTokens,
      createRemoteJWKSet(new URL(accessTokens.jwksUrl), { timeoutDuration: jwksTimeoutMs }),
    ),
  ),
);
