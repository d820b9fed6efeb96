import { failureWords } from "../errors/index.ts";
import { modelKeyTexts } from "./texts.ts";

const { failures, reference } = modelKeyTexts;

/** What a person reads of a failure. */
export const failureText = failureWords({
  saidByServer: new Set(["UrlBlocked", "ValidationError", "QuotaExceeded", "SecretUnavailable"]),
  own: {
    RateLimited: failures.tooMany,
    StoreUnavailable: failures.unreachable,
    UpstreamError: failures.unreachable,
    UpstreamTimeout: failures.unreachable,
    NotFound: failures.gone,
    SecretRevoked: failures.revoked,
    TokenExpired: failures.signedOut,
    TokenInvalid: failures.signedOut,
  },
  other: failures.other,
  reference,
});
