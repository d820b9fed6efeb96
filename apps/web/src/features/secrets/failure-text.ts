import { failureWords } from "../errors/index.ts";
import { secretFailureTexts as texts } from "./texts.ts";

/** What an admin reads of a failure. */
export const failureText = failureWords({
  saidByServer: new Set([
    "ValidationError",
    "Conflict",
    "VersionConflict",
    "QuotaExceeded",
    "BodyTooLarge",
    "NotFound",
    "SecretUnavailable",
    "SecretRevoked",
  ]),
  own: {
    ReauthRequired: texts.reauth,
    UpstreamTimeout: texts.unknownOutcome,
    Forbidden: texts.notAllowed,
    TokenExpired: texts.signedOut,
    TokenInvalid: texts.signedOut,
    RateLimited: texts.tooMany,
  },
  other: texts.internal,
  reference: (reference) => `${texts.reference} ${reference}.`,
});
