import { createHash, timingSafeEqual } from "node:crypto";
import { Redacted } from "effect";
import { HostError } from "../errors.ts";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Throws unless the `Authorization` header carries the control channel's token. Takes the same time for every wrong one. */
export type CheckBearer = (authorization: string | undefined) => void;

export const bearerCheck = (token: Redacted.Redacted<string>): CheckBearer => {
  const expected = digest(Redacted.value(token));
  return (authorization) => {
    if (authorization === undefined) throw new HostError("TokenMissing", "The control channel needs a bearer token.");
    const [, given] = authorization.match(/^Bearer (\S+)$/i) ?? [];
    if (given === undefined) throw new HostError("TokenMalformed", "The Authorization header is not a bearer token.");
    if (!timingSafeEqual(digest(given), expected)) throw new HostError("TokenInvalid", "The bearer token is wrong.");
  };
};
