import type { ErrorTag } from "@threadbox/contracts/errors";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import { Schema } from "effect";

const refusals = {
  notFound: ["NotFound", "There is no such secret."],
  noVersion: ["NotFound", "This secret has no such version."],
  exists: ["Conflict", "A secret of this name and scope is there already. Give it a new version instead."],
  conflict: ["VersionConflict", "Somebody else has changed this secret. Look at it again before you go on."],
  same: ["ValidationError", "This is the value that the secret has already."],
  endedValue: ["ValidationError", "This value has been revoked. Make a new one where it's from, and paste that."],
  full: ["QuotaExceeded", `The vault holds ${secretLimits.secretsMax} secrets, and takes no more.`],
  fullOfUsers: ["QuotaExceeded", `You can have ${secretLimits.usersSecretsMax} secrets. Remove one to add another.`],
  unfitHost: [
    "ValidationError",
    "That isn't the name of a public host, such as api.example.com. An address, a port or a name of a local network isn't one.",
  ],
  fullOfVersions: ["QuotaExceeded", `One secret can have ${secretLimits.versionsMax} versions.`],
  empty: ["ValidationError", "The value is empty."],
  tooLong: ["BodyTooLarge", `A value can have up to ${secretLimits.valueBytesMax / 1024} KiB.`],
  notForHeaders: ["ValidationError", "A key that is sent to a service can't hold spaces, line breaks or other marks."],
  unbound: ["ValidationError", "Name the hosts that this secret may be sent to."],
  past: ["ValidationError", "The moment at which it expires is over already."],
  notRevoked: ["Conflict", "Revoke this version first; only then it can be destroyed."],
  ended: ["Conflict", "This version has been revoked already."],
  checking: ["Conflict", "A new value is being checked right now. Wait for the outcome."],
  noWayBack: ["Conflict", "There is no older version left that could still be used."],
  probeElsewhere: ["ValidationError", "The check's address must be https, on one of the secret's hosts."],
  probeUnplaced: ["ValidationError", "Name the header or the parameter that the check puts the value in."],
  revoked: ["SecretRevoked", "This secret has been revoked or has expired. Ask an admin for a new version."],
  hostRefused: ["Forbidden", "This secret may not be sent to that host."],
  broken: ["SecretUnavailable", "This secret can't be opened. An admin has to give it a new version."],
  unreachable: ["SecretUnavailable", "Can't reach the vault right now."],
} as const satisfies Record<string, readonly [ErrorTag, string]>;

export type VaultRefusal = keyof typeof refusals;

/** What the vault refuses, and of which secret or which host where that is one by name. Never holds a value. */
export class VaultRefusedError extends Schema.TaggedError<VaultRefusedError>()("VaultRefusedError", {
  refusal: Schema.Literals(Object.keys(refusals) as VaultRefusal[]),
  secret: Schema.optionalKey(Schema.String),
}) {
  get wireTag(): ErrorTag {
    return refusals[this.refusal][0];
  }
  override get message() {
    const [, words] = refusals[this.refusal];
    return this.secret === undefined ? words : `${this.secret}: ${words}`;
  }
}

export const vaultRefused = (refusal: VaultRefusal, secret?: string) =>
  new VaultRefusedError({ refusal, ...(secret === undefined ? {} : { secret }) });

/** How the vault's Durable Object answers: refusals as plain values, because an exception loses its class on the way. */
export type VaultOutcome<A> =
  | { readonly isOk: true; readonly value: A }
  | { readonly isOk: false; readonly refusal: VaultRefusal; readonly secret: string | undefined };

export const vaultOutcome = async <A>(work: Promise<A>): Promise<VaultOutcome<A>> => {
  try {
    return { isOk: true, value: await work };
  } catch (error) {
    if (error instanceof VaultRefusedError) return { isOk: false, refusal: error.refusal, secret: error.secret };
    throw error;
  }
};
