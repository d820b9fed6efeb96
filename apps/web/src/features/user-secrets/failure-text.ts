import { failureWords } from "../errors/index.ts";
import { userSecretTexts } from "./texts.ts";

const { failures, reference } = userSecretTexts;

/** What a person reads of a failure. */
export const failureText = failureWords({
  saidByServer: new Set([
    "ValidationError",
    "Conflict",
    "VersionConflict",
    "QuotaExceeded",
    "BodyTooLarge",
    "SecretUnavailable",
  ]),
  own: {
    RateLimited: failures.tooMany,
    ReauthRequired: failures.reauth,
    StoreUnavailable: failures.unreachable,
    UpstreamError: failures.unreachable,
    UpstreamTimeout: failures.unreachable,
    NotFound: failures.gone,
    TokenExpired: failures.signedOut,
    TokenInvalid: failures.signedOut,
  },
  other: failures.other,
  reference,
});
