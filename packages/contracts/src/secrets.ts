import { Schema } from "effect";
import { Generation, MessageId, ThreadId, UserId } from "./ids.ts";
import { secretDeedWords } from "./secret-deeds.ts";
import { secretLimits } from "./secret-limits.ts";

/** A secret's name, as programs know it: capital letters, digits and underscores. */
export const SecretName = Schema.String.check(Schema.isPattern(/^[A-Z][A-Z0-9_]{0,63}$/)).pipe(
  Schema.brand("SecretName"),
);
export type SecretName = typeof SecretName.Type;

export const SecretId = Schema.String.check(Schema.isPattern(/^sec_[A-Za-z0-9_-]{16,64}$/)).pipe(
  Schema.brand("SecretId"),
);
export type SecretId = typeof SecretId.Type;

const OfAll = Schema.Struct({ kind: Schema.Literal("all") });
const OfThread = Schema.Struct({ kind: Schema.Literal("thread"), threadId: ThreadId });
const OfUser = Schema.Struct({ kind: Schema.Literal("user"), userId: UserId });

/** Whose a secret is. Of one name the closest counts: the thread's before its user's before everybody's. */
export const SecretScope = Schema.Union([OfAll, OfThread, OfUser]);
export type SecretScope = typeof SecretScope.Type;

/**
 * `internal`: only the worker itself uses it. `env`: programs in a sandbox may read it. `egress`: it is put into requests
 * of a sandbox to its hosts, and no program ever reads it.
 */
export const SecretUsage = Schema.Literals(["internal", "env", "egress"]);
export type SecretUsage = typeof SecretUsage.Type;

/**
 * checking → active → overlap → revoked → destroyed; any step may be left out, none is ever taken back. A version in
 * `checking` is handed out to nobody: its probe decides whether it becomes the active one.
 */
export const SecretVersionState = Schema.Literals(["checking", "active", "overlap", "revoked", "destroyed"]);
export type SecretVersionState = typeof SecretVersionState.Type;

/** Where a probe puts the value: as Bearer, as Basic's password, in a header of its own, or in the query. */
export const ProbePlacement = Schema.Literals(["bearer", "basic", "header", "query"]);
export type ProbePlacement = typeof ProbePlacement.Type;

/** A request that must be answered as expected before a new value is handed out. */
export const SecretProbe = Schema.Struct({
  method: Schema.Literals(["GET", "HEAD", "POST"]),
  /** On one of the secret's hosts. */
  url: Schema.String.check(
    Schema.isPattern(/^https:\/\/[a-z0-9.-]{1,253}(?::\d{1,5})?(?:[/?][\x21-\x7e]*)?$/),
    Schema.isMaxLength(secretLimits.probeUrlLengthMax),
  ),
  placement: ProbePlacement,
  /** The user of Basic, the header's name or the parameter's; empty for Bearer. */
  placedIn: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_.@-]{0,64}$/)),
  /** What a good value is answered with. */
  expectedStatus: Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })),
});
export type SecretProbe = typeof SecretProbe.Type;

/** Who ended a version before its time, when (milliseconds since 1970) and why. */
export const SecretVersionEnd = Schema.Struct({ at: Schema.Number, by: UserId, reason: Schema.String });
export type SecretVersionEnd = typeof SecretVersionEnd.Type;

/** One immutable value of a secret, without the value. */
export const SecretVersionView = Schema.Struct({
  /** Counts from 1. */
  version: Schema.Int,
  state: SecretVersionState,
  /** Milliseconds since 1970, as all times here. */
  createdAt: Schema.Number,
  createdBy: UserId,
  reason: Schema.String,
  /** Until when a version in `overlap` may still be used; null in every other state. */
  overlapUntil: Schema.NullOr(Schema.Number),
  /** From when on the version is not handed out any more; null: without an end. */
  expiresAt: Schema.NullOr(Schema.Number),
  /** Four hex digits of a keyed hash: the same value shows the same, and nothing leads back. */
  fingerprint: Schema.String,
  /** An older version that ends by itself once nobody needs it any more, at `overlapUntil` at the latest. */
  endsWhenAcknowledged: Schema.Boolean,
  /** What its probe came to, in words; null: there was none, or it isn't over. */
  checked: Schema.NullOr(Schema.String),
  /** Requests that were given this version and are not over. */
  openUses: Schema.Int,
  /** Null: nobody has revoked it. */
  ended: Schema.NullOr(SecretVersionEnd),
});
export type SecretVersionView = typeof SecretVersionView.Type;

/** Who has been given which version: the model gateway or the egress for a thread's requests, or a thread's sandbox. */
export const SecretHolder = Schema.Struct({
  kind: Schema.Literals(["gateway", "egress", "sandbox"]),
  threadId: ThreadId,
  /** Of the sandbox. */
  generation: Generation,
  version: Schema.Int,
  at: Schema.Number,
  /**
   * How it stands. `used`: it asked by itself. `told`: it was told of this version and acknowledged it. `ended`: the start that
   * had it is over, and the next one asks anew. `failed`: it was told of a newer version and did not acknowledge it.
   */
  reach: Schema.Literals(["used", "told", "ended", "failed"]),
});
export type SecretHolder = typeof SecretHolder.Type;

export const SecretView = Schema.Struct({
  id: SecretId,
  name: SecretName,
  scope: SecretScope,
  usage: SecretUsage,
  /** Hosts that the worker may send it to; empty: those that its use leads to, and with `egress` none. */
  hosts: Schema.Array(Schema.String),
  /** No version below this one is ever handed out again. */
  minVersion: Schema.Int,
  createdAt: Schema.Number,
  /** What a new value must pass; null: it is taken as it is. */
  probe: Schema.NullOr(SecretProbe),
  /** Newest first. */
  versions: Schema.Array(SecretVersionView),
  /** Last seen first. */
  holders: Schema.Array(SecretHolder),
});
export type SecretView = typeof SecretView.Type;

/** A secret that a user keeps, as an admin sees it: whoever it is of stands in its scope. */
export const UsersSecretView = Schema.Struct({
  ...SecretView.fields,
  /** When a thread was last given it; null: never. */
  lastUsedAt: Schema.NullOr(Schema.Number),
});
export type UsersSecretView = typeof UsersSecretView.Type;

/** Answer of `GET /api/admin/users-secrets`: by name, up to `usersListMax` of them. */
export const UsersSecretList = Schema.Struct({ secrets: Schema.Array(UsersSecretView), isCut: Schema.Boolean });
export type UsersSecretList = typeof UsersSecretList.Type;

/** Answer of `GET /api/admin/secrets`. */
export const SecretList = Schema.Struct({
  secrets: Schema.Array(SecretView),
  /** Hosts that aren't public, and that the installation has named itself: a secret may be bound to them all the same. */
  namedHosts: Schema.Array(Schema.String),
});
export type SecretList = typeof SecretList.Type;

const Reason = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(secretLimits.reasonLengthMax));
const Host = Schema.String.check(Schema.isPattern(/^[a-z0-9.-]{1,253}(?::\d{1,5})?$/));

/** Body of `POST /api/admin/secrets`. */
export const CreateSecret = Schema.Struct({
  name: SecretName,
  /** A user's: for programs in that user's threads. What the worker uses for one user alone is added by that user alone. */
  scope: SecretScope,
  usage: SecretUsage,
  hosts: Schema.optionalKey(Schema.Array(Host).check(Schema.isMaxLength(secretLimits.hostsMax))),
  value: Schema.String,
  reason: Reason,
  expiresAt: Schema.optionalKey(Schema.NullOr(Schema.Number)),
  probe: Schema.optionalKey(Schema.NullOr(SecretProbe)),
});
export type CreateSecret = typeof CreateSecret.Type;

/** Body of `POST /api/admin/secrets/:secretId/versions`. */
export const RotateSecret = Schema.Struct({
  value: Schema.String,
  reason: Reason,
  /** The newest version that the admin knows; any other is a conflict. */
  expectedVersion: Schema.Int,
  /** For how long the version before may still be used at most; 0: it ends at once. */
  overlapMinutes: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: secretLimits.overlapMinutesMax })),
  /** It ends earlier: once everybody who had it has acknowledged this one, was restarted or was ended. */
  endsWhenAcknowledged: Schema.optionalKey(Schema.Boolean),
  expiresAt: Schema.optionalKey(Schema.NullOr(Schema.Number)),
});
export type RotateSecret = typeof RotateSecret.Type;

/** Body of `POST /api/admin/secrets/:secretId/revoke` and `…/destroy`. */
export const EndSecretVersion = Schema.Struct({ version: Schema.Int, reason: Reason });
export type EndSecretVersion = typeof EndSecretVersion.Type;

/** Body of `POST /api/admin/secrets/:secretId/roll-back`: the value of the version in overlap becomes the newest version. */
export const RollBackSecret = Schema.Struct({ expectedVersion: Schema.Int, reason: Reason });
export type RollBackSecret = typeof RollBackSecret.Type;

/** Body of `PUT /api/admin/secrets/:secretId/probe`. */
export const ChangeProbe = Schema.Struct({ probe: Schema.NullOr(SecretProbe) });
export type ChangeProbe = typeof ChangeProbe.Type;

/** Body of `PUT /api/admin/secrets/:secretId/hosts`: where it may be sent, from the next use on. A check must be at one of them. */
export const ChangeSecretHosts = Schema.Struct({
  hosts: Schema.Array(Host).check(Schema.isMaxLength(secretLimits.hostsMax)),
  /** The hosts that the admin knows; any others are a conflict. */
  expectedHosts: Schema.Array(Schema.String),
  reason: Reason,
});
export type ChangeSecretHosts = typeof ChangeSecretHosts.Type;

/** What of a thread had a version, on one way: the message that was being answered, and the tool call that ran in it. */
export const SecretExposureUse = Schema.Struct({
  messageId: MessageId,
  /** Null: the model was asked, or something ran that no tool call was seen for. */
  callId: Schema.NullOr(Schema.String),
  tool: Schema.NullOr(Schema.String),
  firstAt: Schema.Number,
  lastAt: Schema.Number,
});
export type SecretExposureUse = typeof SecretExposureUse.Type;

/** One way that a version of a secret has gone: to a thread's programs, or with a thread's requests to a host. */
export const SecretExposure = Schema.Struct({
  version: Schema.Int,
  kind: SecretHolder.fields.kind,
  threadId: ThreadId,
  /** Null: into the sandbox itself. */
  host: Schema.NullOr(Schema.String),
  firstAt: Schema.Number,
  lastAt: Schema.Number,
  /** Last first, as many as are shown; empty where no turn ran. */
  uses: Schema.Array(SecretExposureUse),
});
export type SecretExposure = typeof SecretExposure.Type;

/** Answer of `GET /api/admin/secrets/:secretId/exposures`: last used first, up to `exposuresMax` of them. */
export const SecretExposures = Schema.Struct({ exposures: Schema.Array(SecretExposure), isCut: Schema.Boolean });
export type SecretExposures = typeof SecretExposures.Type;

/** One link of the vault's chain of deeds. */
export const SecretAuditRow = Schema.Struct({
  sequence: Schema.Int,
  at: Schema.Number,
  /** A user's id, `vault` for what it does by itself, or who was given a value. */
  actor: Schema.String,
  action: Schema.Literals(Object.keys(secretDeedWords) as (keyof typeof secretDeedWords)[]),
  secretId: SecretId,
  name: SecretName,
  scope: Schema.String,
  version: Schema.Int,
  reason: Schema.String,
  requestId: Schema.String,
});
export type SecretAuditRow = typeof SecretAuditRow.Type;

/** Answer of `GET /api/admin/secrets-audit`: newest first, with what a look at the whole chain says. */
export const SecretAudit = Schema.Struct({
  rows: Schema.Array(SecretAuditRow),
  /**
   * Where the next page begins (`?before=`); null at the end. `?rows=` asks for another length than 50. With `?find=` a page may
   * be shorter than that, also empty, and the next one still have rows.
   */
  before: Schema.NullOr(Schema.Int),
  chain: Schema.Struct({
    length: Schema.Int,
    /** Sequence of the first row that does not follow from the one before it; null: all do. */
    brokenAt: Schema.NullOr(Schema.Int),
  }),
});
export type SecretAudit = typeof SecretAudit.Type;
