import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";
import { Subject } from "../../platform/audit.ts";

const refusals = {
  TokenMissing: "Sign in to continue.",
  TokenMalformed: "This is no access token.",
  TokenInvalid: "The access token is not valid.",
  TokenExpired: "The access token has expired.",
  Forbidden: "Only an admin may do this.",
  ReauthRequired: "Sign in again to continue: your last sign-in was too long ago for this.",
} as const satisfies Partial<Record<ErrorTag, string>>;

export type UserRefusal = keyof typeof refusals;

/** The door stays shut. Says which rule is broken, and who broke it where a token has proved that. */
export class UserRefusedError extends Schema.TaggedError<UserRefusedError>()("UserRefusedError", {
  wireTag: Schema.Literals(Object.keys(refusals) as UserRefusal[]),
  subject: Schema.optionalKey(Subject),
}) {
  override get message() {
    return refusals[this.wireTag];
  }
}

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

export const refused = (wireTag: UserRefusal, subject?: Subject): UserRefusedError =>
  new UserRefusedError({ wireTag, ...(subject === undefined ? {} : { subject }) });
