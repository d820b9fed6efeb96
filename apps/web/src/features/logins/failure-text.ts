import { failureWords } from "../errors/index.ts";
import { loginTexts } from "./texts.ts";

const { failures, reference } = loginTexts;

/** What a person reads of a failure. */
export const failureText = failureWords({
  saidByServer: new Set(["SandboxUnavailable", "QuotaExceeded", "Conflict", "ValidationError", "UpstreamError"]),
  own: {
    RateLimited: failures.tooMany,
    StoreUnavailable: failures.unreachable,
    UpstreamTimeout: failures.unreachable,
    NotFound: failures.gone,
    ReauthRequired: failures.ended,
    TokenExpired: failures.signedOut,
    TokenInvalid: failures.signedOut,
  },
  other: failures.other,
  reference,
});
