import type { ErrorTag } from "@threadbox/contracts/errors";
import type { WireFailure } from "../errors/index.ts";
import { secretFailureTexts as texts } from "./texts.ts";

/** Of these the worker's own sentence is the one to read. */
const saidByVault: ReadonlySet<ErrorTag> = new Set([
  "ValidationError",
  "Conflict",
  "VersionConflict",
  "QuotaExceeded",
  "BodyTooLarge",
  "NotFound",
  "SecretUnavailable",
  "SecretRevoked",
]);

const own: Partial<Readonly<Record<ErrorTag, string>>> = {
  ReauthRequired: texts.reauth,
  UpstreamTimeout: texts.unknownOutcome,
  Forbidden: texts.notAllowed,
  TokenExpired: texts.signedOut,
  TokenInvalid: texts.signedOut,
  RateLimited: texts.tooMany,
};

/** What an admin reads of a failure; one that nobody foresaw carries what support looks it up by. */
export const failureText = ({ tag, message, requestId }: WireFailure): string => {
  if (saidByVault.has(tag)) return message;
  const reference = requestId === undefined ? "" : ` ${texts.reference} ${requestId.slice(0, 8)}.`;
  return own[tag] ?? `${texts.internal}${reference}`;
};
