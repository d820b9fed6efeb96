import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import { type IssuedThreadToken, type Role, threadToken } from "@threadbox/contracts/thread-token";
import { importJWK, type JWK, SignJWT } from "jose";

/** Whom the token speaks for, and which thread it opens. */
export interface ThreadTokenSubject {
  readonly threadId: ThreadId;
  readonly userId: UserId;
  readonly role: Role;
}

export interface Signing {
  /** Private ES256 JWK with a `kid`, as JSON. */
  readonly privateJwk: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Unique per token. */
  readonly tokenId: string;
}

/** Signs the JWT that the worker verifies before anything else. */
export const signThreadToken = async (subject: ThreadTokenSubject, signing: Signing): Promise<IssuedThreadToken> => {
  const jwk: JWK = JSON.parse(signing.privateJwk);
  if (jwk.kid === undefined) throw new Error("The signing key has no kid.");
  const key = await importJWK(jwk, threadToken.alg);
  const issuedAt = Math.floor(signing.now / 1000);
  const token = await new SignJWT({ thread_id: subject.threadId, user_id: subject.userId, role: subject.role })
    .setProtectedHeader({ alg: threadToken.alg, typ: threadToken.typ, kid: jwk.kid })
    .setIssuer(threadToken.issuer)
    .setAudience(threadToken.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + threadToken.lifetimeSecondsMax)
    .setJti(signing.tokenId)
    .sign(key);
  return { token, expiresInSeconds: threadToken.lifetimeSecondsMax };
};
