import { serviceToken } from "@threadbox/contracts/service-token";
import { Clock, Effect, Redacted } from "effect";
import { importJWK, type JWK, SignJWT } from "jose";

/** Renewed this long before it ends, so that a request under way does not outlive its token. */
const renewBeforeSeconds = 30;

export interface ServiceTokens {
  /** A token that is good for at least half a minute; signed anew when it is not. */
  readonly current: Effect.Effect<string>;
}

/** Signs the worker's own JWT for Convex. A key that cannot sign is a fault of the configuration: a defect. */
export const makeServiceTokens = (privateJwk: Redacted.Redacted<string>): ServiceTokens => {
  let cached: { readonly token: string; readonly expiresAt: number } | null = null;
  const sign = async (now: number): Promise<string> => {
    const jwk = JSON.parse(Redacted.value(privateJwk)) as JWK;
    const key = await importJWK(jwk, serviceToken.alg);
    return new SignJWT()
      .setProtectedHeader({ alg: serviceToken.alg, typ: "JWT", ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
      .setIssuer(serviceToken.issuer)
      .setAudience(serviceToken.audience)
      .setSubject(serviceToken.subject)
      .setIssuedAt(now)
      .setExpirationTime(now + serviceToken.lifetimeSeconds)
      .sign(key);
  };
  return {
    current: Effect.gen(function* () {
      const now = Math.floor((yield* Clock.currentTimeMillis) / 1000);
      if (cached !== null && now < cached.expiresAt - renewBeforeSeconds) return cached.token;
      const token = yield* Effect.promise(() => sign(now));
      cached = { token, expiresAt: now + serviceToken.lifetimeSeconds };
      return token;
    }),
  };
};
