import { Schema } from "effect";
import { secretLimits } from "./secret-limits.ts";
import { SecretId, SecretName } from "./secrets.ts";

/**
 * How programs in a user's own threads use a secret of that user's. `env`: they read it. `egress`: it is put into their requests to
 * its hosts, and they hold a handle.
 */
export const UserSecretUsage = Schema.Literals(["env", "egress"]);
export type UserSecretUsage = typeof UserSecretUsage.Type;

const Hosts = Schema.Array(Schema.String.check(Schema.isMaxLength(300))).check(
  Schema.isMaxLength(secretLimits.hostsMax),
);

/** An admin has ended its newest value: when (milliseconds since 1970) and why. */
export const UserSecretEnd = Schema.Struct({ at: Schema.Number, reason: Schema.String });
export type UserSecretEnd = typeof UserSecretEnd.Type;

/** A secret as the user sees it for whose threads it is. Its value is in no answer. */
export const UserSecretView = Schema.Struct({
  id: SecretId,
  name: SecretName,
  usage: UserSecretUsage,
  /** Where it may be sent; empty with `env`. */
  hosts: Schema.Array(Schema.String),
  /** Of the newest value; counts from 1. */
  version: Schema.Int,
  /** Milliseconds since 1970, as all times here: since when the newest value is there. */
  changedAt: Schema.Number,
  /** When a thread was last given it; null: never. */
  lastUsedAt: Schema.NullOr(Schema.Number),
  /** False: it was revoked or has expired, and is refused until it has a new value. */
  isUsable: Schema.Boolean,
  /** False: an admin has added it for this user, and only an admin changes it. */
  isOwn: Schema.Boolean,
  /** Of their own, that an admin has revoked; null: none has. */
  ended: Schema.NullOr(UserSecretEnd),
});
export type UserSecretView = typeof UserSecretView.Type;

/** Answer of every route of a user's secrets: by name. */
export const UserSecretList = Schema.Struct({
  secrets: Schema.Array(UserSecretView),
  /** As in `SecretList`. */
  namedHosts: Schema.Array(Schema.String),
});
export type UserSecretList = typeof UserSecretList.Type;

/** Body of `POST /api/user-secrets`. */
export const AddUserSecret = Schema.Struct({
  name: SecretName,
  usage: UserSecretUsage,
  /** Needed with `egress`, refused with `env`. */
  hosts: Hosts,
  value: Schema.String,
});
export type AddUserSecret = typeof AddUserSecret.Type;

/** Body of `PUT /api/user-secrets/:secretId/value`: the value before ends at once. */
export const ReplaceUserSecret = Schema.Struct({
  value: Schema.String,
  /** The newest version that the user knows; any other is a conflict. */
  expectedVersion: Schema.Int,
});
export type ReplaceUserSecret = typeof ReplaceUserSecret.Type;

/** Body of `PUT /api/user-secrets/:secretId/hosts`: from the next use on. */
export const ChangeUserSecretHosts = Schema.Struct({
  hosts: Hosts,
  /** The hosts that the user knows; any others are a conflict. */
  expectedHosts: Schema.Array(Schema.String),
});
export type ChangeUserSecretHosts = typeof ChangeUserSecretHosts.Type;
