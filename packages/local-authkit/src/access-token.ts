import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Keys } from "./keys.ts";
import type { User } from "./users.ts";

export const accessTokenLifetimeSeconds = 600;

interface AccessTokenInput {
  readonly issuer: string;
  readonly audience: string;
  readonly user: Pick<User, "id" | "role">;
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** An access token as WorkOS's: who, in which login session, with which role; no name and no address. */
export const signAccessToken = (keys: Keys, { issuer, audience, user, sessionId, now }: AccessTokenInput) => {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({ sid: sessionId, role: user.role })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: keys.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(user.id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenLifetimeSeconds)
    .setJti(randomUUID())
    .sign(keys.signing);
};
