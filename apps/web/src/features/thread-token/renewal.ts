import type { ErrorTag } from "@threadbox/contracts/errors";
import { WireFailure } from "../errors/index.ts";

const tokenTags: ReadonlySet<ErrorTag> = new Set(["TokenMissing", "TokenMalformed", "TokenInvalid", "TokenExpired"]);

const isTokenRefusal = (error: unknown): error is WireFailure =>
  error instanceof WireFailure && tokenTags.has(error.tag);

export interface TokenSource {
  readonly get: () => Promise<string>;
  /** A token that nobody has seen yet. Rejects where there is none, say because the session has ended. */
  readonly renew: () => Promise<string>;
}

/**
 * Runs that with a token and, where the token is refused, once more with a new one. What is refused with a new one as
 * well is `TokenInvalid`, even if it is said to have expired: two clocks disagree, and asking again changes nothing.
 */
export const withRenewal = async <T>({ get, renew }: TokenSource, run: (token: string) => Promise<T>): Promise<T> => {
  const kept = await get();
  try {
    return await run(kept);
  } catch (error) {
    if (!isTokenRefusal(error)) throw error;
  }
  const token = await renew();
  try {
    return await run(token);
  } catch (error) {
    throw isTokenRefusal(error) ? new WireFailure("TokenInvalid", error.message, error.requestId) : error;
  }
};
