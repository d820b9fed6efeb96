import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type {
  ChangeSecretHosts,
  CreateSecret,
  EndSecretVersion,
  RollBackSecret,
  RotateSecret,
  SecretAudit,
  SecretExposure,
  SecretId,
  SecretName,
  SecretProbe,
  SecretView,
  UsersSecretView,
} from "@threadbox/contracts/secrets";
import type { UserSecretEnd, UserSecretView } from "@threadbox/contracts/user-secrets";
import { Clock, Context, Effect, Layer, Redacted } from "effect";
import type { Change } from "./deeds.ts";
import { type VaultOutcome, type VaultRefusedError, vaultRefused } from "./errors.ts";
import { type HeldUse, holdUse } from "./held-use.ts";
import type { LeaseWish } from "./keeper.ts";
import { vaultRef } from "./refs.ts";
import type { BoundSecret } from "./vault-view.ts";

/** A value that may be used now, for one request. */
export interface SecretLease {
  readonly id: SecretId;
  readonly value: Redacted.Redacted<string>;
  readonly version: number;
  /** Milliseconds since 1970; null: without an end. */
  readonly expiresAt: number | null;
}

type Wish<A extends { readonly now: number }> = Omit<A, "now">;

/** The vault as the rest of the worker sees it. */
export interface SecretVaultShape {
  /** The value as it is at this moment; asked for at every use, so that a rotated one counts at once. */
  lease(wish: Wish<LeaseWish>): Effect.Effect<SecretLease, VaultRefusedError>;
  /** To be held for as long as the request is open that was given the lease: who ends its version ends the request. */
  hold(lease: Pick<SecretLease, "id" | "version">): Effect.Effect<HeldUse>;
  /** What is put into that thread's requests, and to which hosts. */
  bound(threadId: ThreadId): Effect.Effect<readonly BoundSecret[], VaultRefusedError>;
  /** What admins keep. */
  readonly list: Effect.Effect<readonly SecretView[], VaultRefusedError>;
  /** What programs in that user's threads have as the user's. */
  /** What users keep, for an admin; `find`: so much of their names, users or hosts. */
  listOfUsers(find: string, count: number): Effect.Effect<readonly UsersSecretView[], VaultRefusedError>;
  /** By their names, what an admin has ended of what that user keeps and hasn't given a new value. */
  endsOf(userId: UserId): Effect.Effect<ReadonlyMap<SecretName, UserSecretEnd>, VaultRefusedError>;
  listOf(userId: UserId): Effect.Effect<readonly UserSecretView[], VaultRefusedError>;
  create(wish: CreateSecret, change: Wish<Change>): Effect.Effect<SecretView, VaultRefusedError>;
  rotate(id: SecretId, wish: RotateSecret, change: Wish<Change>): Effect.Effect<SecretView, VaultRefusedError>;
  revoke(id: SecretId, wish: EndSecretVersion, change: Wish<Change>): Effect.Effect<SecretView, VaultRefusedError>;
  destroy(id: SecretId, wish: EndSecretVersion, change: Wish<Change>): Effect.Effect<SecretView, VaultRefusedError>;
  /** The value, for a test at its host that its owner asks for. */
  open(id: SecretId, reason: string, change: Wish<Change>): Effect.Effect<Redacted.Redacted<string>, VaultRefusedError>;
  /** Ends all of it and keeps nothing of its values. */
  retire(id: SecretId, reason: string, change: Wish<Change>): Effect.Effect<SecretView, VaultRefusedError>;
  rollBack(id: SecretId, wish: RollBackSecret, change: Wish<Change>): Effect.Effect<SecretView, VaultRefusedError>;
  setProbe(id: SecretId, probe: SecretProbe | null, change: Wish<Change>): Effect.Effect<SecretView, VaultRefusedError>;
  setHosts(id: SecretId, wish: ChangeSecretHosts, change: Wish<Change>): Effect.Effect<SecretView, VaultRefusedError>;
  /** Where it has gone, last used first. */
  exposures(id: SecretId, count: number): Effect.Effect<readonly SecretExposure[], VaultRefusedError>;
  /** A line whenever something has changed, for a while. */
  readonly follow: Effect.Effect<ReadableStream<Uint8Array>, VaultRefusedError>;
  /** `before`: where the page begins; null: with the newest. `find`: words that each row must have. */
  audit(before: number | null, count: number, find: string): Effect.Effect<SecretAudit, VaultRefusedError>;
}

export class SecretVault extends Context.Service<SecretVault, SecretVaultShape>()(
  "threadbox/worker/secrets/SecretVault",
) {}

const unreachable = () => vaultRefused("unreachable");

/** The platform may reset the object at any time; whoever asks is refused meanwhile, and nothing older is used instead. */
const ask = <A>(call: (now: number) => Promise<A>): Effect.Effect<A, VaultRefusedError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.tryPromise({ try: () => call(now), catch: unreachable }));

const askOutcome = <A>(call: (now: number) => Promise<VaultOutcome<A>>): Effect.Effect<A, VaultRefusedError> =>
  Effect.flatMap(ask(call), (outcome) =>
    outcome.isOk ? Effect.succeed(outcome.value) : Effect.fail(vaultRefused(outcome.refusal, outcome.secret)),
  );

export const secretVaultLayer = (env: Pick<Env, "VAULT">): Layer.Layer<SecretVault> =>
  Layer.succeed(SecretVault, {
    lease: (wish) =>
      Effect.map(
        askOutcome((now) => vaultRef(env).lease({ ...wish, now })),
        ({ value, ...lease }) => ({ ...lease, value: Redacted.make(value) }),
      ),
    bound: (threadId) => ask(async () => vaultRef(env).bound(threadId)),
    list: ask((now) => vaultRef(env).list(now)),
    listOfUsers: (find, count) => ask((now) => vaultRef(env).listOfUsers(find, count, now)),
    endsOf: (userId) => ask(async () => vaultRef(env).endsOf(userId)),
    listOf: (userId) => ask((now) => vaultRef(env).listOf(userId, now)),
    create: (wish, change) => askOutcome((now) => vaultRef(env).create(wish, { ...change, now })),
    rotate: (id, wish, change) => askOutcome((now) => vaultRef(env).rotate(id, wish, { ...change, now })),
    revoke: (id, wish, change) => askOutcome((now) => vaultRef(env).revoke(id, wish, { ...change, now })),
    destroy: (id, wish, change) => askOutcome((now) => vaultRef(env).destroy(id, wish, { ...change, now })),
    open: (id, reason, change) =>
      Effect.map(
        askOutcome((now) => vaultRef(env).open(id, reason, { ...change, now })),
        Redacted.make,
      ),
    retire: (id, reason, change) => askOutcome((now) => vaultRef(env).retire(id, reason, { ...change, now })),
    rollBack: (id, wish, change) => askOutcome((now) => vaultRef(env).rollBack(id, wish, { ...change, now })),
    setProbe: (id, probe, change) => askOutcome((now) => vaultRef(env).setProbe(id, probe, { ...change, now })),
    setHosts: (id, wish, change) => askOutcome((now) => vaultRef(env).setHosts(id, wish, { ...change, now })),
    hold: ({ id, version }) => holdUse(env, { secretId: id, version }),
    exposures: (id, count) => ask(async () => vaultRef(env).exposures(id, count)),
    follow: ask(async () => vaultRef(env).follow()),
    audit: (before, count, find) => ask(() => vaultRef(env).audit(before, count, find)),
  });
