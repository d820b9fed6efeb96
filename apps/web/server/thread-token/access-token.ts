import { readCompactToken } from "@threadbox/contracts/compact-token";
import { UserId } from "@threadbox/contracts/ids";
import { accessToken as format, type Viewer } from "@threadbox/contracts/viewer";
import { Schema } from "effect";
import { errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { AccessTokenRules } from "../config.ts";
import { TokenRefusal } from "./refusal.ts";

const bearerToken = (authorization: string | null): string => {
  if (authorization === null) throw new TokenRefusal("TokenMissing", "Sign in to continue.");
  const token = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/.exec(authorization)?.[1];
  if (token === undefined || token.length > format.sizeBytesMax)
    throw new TokenRefusal("TokenMalformed", "Can't read the access token.");
  return token;
};

const refusalOf = (error: unknown): TokenRefusal => {
  if (error instanceof errors.JWTExpired) return new TokenRefusal("TokenExpired", "The access token has expired.");
  if (error instanceof errors.JWKSTimeout || error instanceof TypeError || isJwksFailure(error))
    return new TokenRefusal("UpstreamError", "Can't reach the sign-in service.", { cause: error });
  return new TokenRefusal("TokenInvalid", "The access token isn't valid.", { cause: error });
};

/** What jose throws when the key set answers with anything but a key set. */
const isJwksFailure = (error: unknown): boolean =>
  error instanceof errors.JWKSInvalid ||
  (error instanceof errors.JOSEError && error.code === errors.JOSEError.code && /JSON Web Key Set/.test(error.message));

export interface VerifiedAccess {
  readonly viewer: Viewer;
  /** The token itself, with which Convex is asked as this user. */
  readonly accessToken: string;
}

/**
 * Verifies the `Authorization` header of a request: RS256 only, issuer, audience where one is set, expiry, subject.
 * Throws a `TokenRefusal`.
 */
export const verifyAccess = async (
  authorization: string | null,
  rules: AccessTokenRules,
  keys: JWTVerifyGetKey,
): Promise<VerifiedAccess> => {
  const accessToken = bearerToken(authorization);
  if (readCompactToken(accessToken) === null) throw new TokenRefusal("TokenInvalid", "The access token is not valid.");
  const { payload } = await jwtVerify(accessToken, keys, {
    algorithms: [format.alg],
    issuer: rules.issuer,
    requiredClaims: ["exp", "iat", "sub"],
    ...(rules.audience === undefined ? {} : { audience: rules.audience }),
  }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  if (!Schema.is(UserId)(payload.sub)) throw new TokenRefusal("TokenInvalid", "The access token isn't valid.");
  return { accessToken, viewer: { userId: payload.sub, role: payload.role === "admin" ? "admin" : "member" } };
};
