import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";
import { refuser } from "../../http/failure.ts";

/** The door stays shut. Says which rule is broken, and who broke it where a token has proved that. */
export const refused = refuser({
  TokenMissing: "Sign in to continue.",
  TokenMalformed: "This is no access token.",
  TokenInvalid: "The access token is not valid.",
  TokenExpired: "The access token has expired.",
  Forbidden: "Only an admin may do this.",
  ReauthRequired: "Sign in again to continue: your last sign-in was too long ago for this.",
});

/** The identity provider's keys cannot be had: nothing is known of the token, and the same one may be good later. */
export class IdentityUnavailableError extends Schema.TaggedError<IdentityUnavailableError>()(
  "IdentityUnavailableError",
  {},
) {
  readonly wireTag: ErrorTag = "UpstreamError";
  override get message() {
    return "Can't reach the sign-in service right now.";
  }
}
