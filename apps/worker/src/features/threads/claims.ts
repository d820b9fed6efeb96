import { ThreadTokenClaims, threadToken } from "@threadbox/contracts/thread-token";
import { Result, Schema } from "effect";
import type { RefusedError } from "../../http/failure.ts";
import { refused } from "./errors.ts";

const decodeClaims = Schema.decodeUnknownResult(ThreadTokenClaims);

/**
 * Judges the payload of a token whose signature holds. The clocks may differ in one direction only: a token from up
 * to a minute in the future is taken; one past its end is expired, whoever's clock is right.
 */
export const judgeClaims = (payload: unknown, nowSeconds: number): Result.Result<ThreadTokenClaims, RefusedError> => {
  const decoded = decodeClaims(payload);
  if (Result.isFailure(decoded)) return Result.fail(refused("TokenInvalid"));
  const { iat, exp } = decoded.success;
  const lifetime = exp - iat;
  const isWithinLife = lifetime > 0 && lifetime <= threadToken.lifetimeSecondsMax;
  if (!isWithinLife || iat > nowSeconds + threadToken.skewSecondsMax) return Result.fail(refused("TokenInvalid"));
  if (exp <= nowSeconds) return Result.fail(refused("TokenExpired"));
  return Result.succeed(decoded.success);
};
