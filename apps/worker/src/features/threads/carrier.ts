import { threadToken } from "@threadbox/contracts/thread-token";
import { Result } from "effect";
import type { RefusedError } from "../../http/failure.ts";
import { refused } from "./errors.ts";

/** The one place in a request where a route's token may be. */
export type Carrier = "header" | "query";

/** A JWS in compact form; an empty signature passes here and fails at the signature. */
const compactJws = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
const bearer = /^Bearer ([^\s,]+)$/i;

/**
 * Finds the token where the route expects it, and only there: a token in the other place too, or twice, is a conflict.
 * Cuts by size and shape before anything is decoded.
 */
export const readToken = (request: Request, carrier: Carrier): Result.Result<string, RefusedError> => {
  const authorization = request.headers.get("authorization");
  const queried = new URL(request.url).searchParams.getAll(threadToken.queryParameter);
  const [inHeader, inQuery] = [authorization !== null, queried.length > 0];
  if (!inHeader && !inQuery) return Result.fail(refused("TokenMissing"));
  if ((inHeader && inQuery) || queried.length > 1) return Result.fail(refused("TokenMalformed"));
  if (carrier === "header" ? !inHeader : !inQuery) return Result.fail(refused("TokenMissing"));

  const token = carrier === "query" ? queried[0] : bearer.exec(authorization ?? "")?.[1];
  if (token === undefined || token.length > threadToken.sizeBytesMax || !compactJws.test(token)) {
    return Result.fail(refused("TokenMalformed"));
  }
  return Result.succeed(token);
};
