import type { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import {
  type CreateSecret,
  type RotateSecret,
  type SecretHolder,
  SecretId,
  type SecretName,
  type SecretUsage,
} from "@threadbox/contracts/secrets";
import type { NamedHostsConfig } from "../../config.ts";
import { newSecretText } from "../../platform/ids.ts";
import type { StoredSecret, VaultBook } from "./book.ts";
import { readHosts, refuseExpiry, refuseHosts, refuseProbe, refuseValue } from "./check-value.ts";
import { type Change, deedOf, mayChange, outdatedBy } from "./deeds.ts";
import { type VaultRefusal, vaultRefused } from "./errors.ts";
import type { ExposureBook } from "./exposure-book.ts";
import type { RolloutBook } from "./rollout-book.ts";
import { scopesOf } from "./scope.ts";
import type { Sealer } from "./sealer.ts";
import { secretFor, versionIn } from "./secret-for.ts";
import type { VaultWriter } from "./vault-writer.ts";
import { isOverlapOver, newestOf, nextChangeAt, versionToLease } from "./versions.ts";

/** Who wants a value, and for what. */
export interface LeaseWish {
  readonly name: SecretName;
  readonly usage: SecretUsage;
  readonly kind: SecretHolder["kind"];
  readonly threadId: ThreadId;
  /** The thread's owner, where what is theirs counts too. */
  readonly userId?: UserId;
  readonly generation: Generation;
  /** Where the worker will send it; null: nowhere. */
  readonly host: string | null;
  readonly requestId: string;
  readonly now: number;
}

export interface LeasedSecret {
  readonly id: SecretId;
  readonly value: string;
  readonly version: number;
  /** Milliseconds since 1970; null: without an end. */
  readonly expiresAt: number | null;
}

/** For so long a holder that has not been seen again counts, in milliseconds. */
export const heldMsMax = 24 * 3_600_000;
/** A holder's time is this exact, so that a busy turn does not write at every call. */
const seenMs = 5_000;

const refuseIf = (refusal: VaultRefusal | null): void => {
  if (refusal !== null) throw vaultRefused(refusal);
};

const isChecking = ({ versions }: StoredSecret): boolean => versions.some(({ state }) => state === "checking");

/**
 * What changes the vault, over its book.
 */
export class VaultKeeper {
  readonly #book: VaultBook;
  readonly #rollouts: RolloutBook;
  readonly #exposures: ExposureBook;
  readonly #sealer: Sealer;
  readonly #writer: VaultWriter;
  readonly #named: NamedHostsConfig;

  constructor(
    book: VaultBook,
    rollouts: RolloutBook,
    exposures: ExposureBook,
    sealer: Sealer,
    writer: VaultWriter,
    named: NamedHostsConfig,
  ) {
    this.#book = book;
    this.#named = named;
    this.#exposures = exposures;
    this.#rollouts = rollouts;
    this.#sealer = sealer;
    this.#writer = writer;
  }

  async create(wish: CreateSecret, change: Change): Promise<SecretId> {
    const { name, scope, usage, value, reason, expiresAt = null, probe = null } = wish;
    const { now, actor, owner } = change;
    const hosts = readHosts(wish.hosts ?? [], usage, this.#named);
    refuseIf(
      refuseValue(value, usage) ??
        refuseHosts(hosts, usage) ??
        refuseExpiry(expiresAt, now) ??
        refuseProbe(probe, hosts),
    );
    let id = SecretId.make(`sec_${newSecretText(16)}`);
    await this.#writer.write(async () => {
      const before = this.#book.findNamed(name, scope);
      if (before !== null && before.keptBy !== "nobody") throw vaultRefused("exists");
      this.#refuseFull(wish, owner);
      id = before?.id ?? id;
      const version = before === null ? 1 : newestOf(before) + 1;
      const added = { version, createdAt: now, createdBy: actor, reason, expiresAt };
      const sealed = await this.#sealer.seal({ name, scope }, version, value);
      const keptBy = owner === undefined ? "admin" : "user";
      return {
        deeds: [deedOf({ id, name, scope }, "secret.created", version, reason, change)],
        change: () => {
          this.#book.addSecret({ id, name, scope, usage, hosts, minVersion: version, createdAt: now, keptBy });
          this.#book.addVersion(id, { ...added, ...sealed }, probe === null ? "active" : "checking");
          this.#rollouts.setProbe(id, probe);
        },
      };
    });
    return id;
  }

  /** How many keys of model providers a user may have is bounded where they are added. */
  #refuseFull({ usage }: CreateSecret, owner: UserId | undefined): void {
    if (owner === undefined) {
      if (this.#book.count() >= secretLimits.secretsMax) throw vaultRefused("full");
    } else if (usage !== "internal" && this.#book.countOf(owner) >= secretLimits.usersSecretsMax)
      throw vaultRefused("fullOfUsers");
  }

  async rotate(id: SecretId, wish: RotateSecret, change: Change): Promise<void> {
    const { value, reason, expectedVersion, overlapMinutes, endsWhenAcknowledged = false, expiresAt = null } = wish;
    const { now, actor } = change;
    await this.#writer.write(async () => {
      const secret = this.#get(id, change);
      const newest = newestOf(secret);
      refuseIf(isChecking(secret) ? "checking" : null);
      if (expectedVersion !== newest) throw vaultRefused("conflict");
      if (newest >= secretLimits.versionsMax) throw vaultRefused("fullOfVersions");
      refuseIf(refuseValue(value, secret.usage) ?? refuseExpiry(expiresAt, now));
      if (await this.#sealer.isCurrentValue(secret, value, now)) throw vaultRefused("same");
      // What an admin has ended doesn't come back by its user.
      if (change.owner !== undefined && (await this.#sealer.isValueOf(secret, newest, value)))
        throw vaultRefused("endedValue");
      const version = newest + 1;
      const isChecked = this.#rollouts.probe(id) !== null;
      const { outdated, isAtOnce } = isChecked
        ? { outdated: [], isAtOnce: false }
        : outdatedBy(secret.versions, overlapMinutes, now);
      const added = { version, createdAt: now, createdBy: actor, reason, expiresAt };
      const sealed = await this.#sealer.seal(secret, version, value);
      const ended = outdated.filter(({ state }) => state === "revoked");
      const follows = `Version ${version} follows.`;
      return {
        deeds: [
          deedOf(secret, "secret.rotated", version, reason, change),
          ...ended.map((facts) => deedOf(secret, "secret.revoked", facts.version, follows, change)),
        ],
        change: () => {
          this.#book.setStates(id, outdated);
          this.#book.addVersion(id, { ...added, ...sealed }, isChecked ? "checking" : "active");
          this.#rollouts.set(id, version, { overlapMinutes, endsWhenAcknowledged, checked: null });
          if (isAtOnce) this.#book.setMinVersion(id, version);
        },
      };
    });
  }

  /** The value in force, for a test at its host that its owner asks for. */
  async open(id: SecretId, reason: string, change: Change): Promise<string> {
    let opened: string | null = null;
    await this.#writer.write(async () => {
      const secret = this.#get(id, change);
      const version = versionToLease(secret, change.now);
      if (version === null) throw vaultRefused("revoked");
      opened = await this.#sealer.open(secret, version);
      return { deeds: [deedOf(secret, "secret.leased", version, reason, change)], change: () => {} };
    });
    return opened ?? Promise.reject(new Error("A value was opened that nobody decided."));
  }

  /** The value of the closest secret of that name; where that one is revoked, no other is looked for. */
  async lease(wish: LeaseWish): Promise<LeasedSecret> {
    const { name, usage, kind, threadId, userId = null, generation, host, requestId, now } = wish;
    let leased: LeasedSecret | null = null;
    await this.#writer.write(async () => {
      const found = scopesOf(threadId, userId).flatMap((scope) => this.#book.findNamed(name, scope) ?? []);
      const secret = found.find(({ keptBy }) => keptBy !== "nobody");
      if (secret === undefined || secret.usage !== usage) throw vaultRefused("notFound", name);
      const isBound = host !== null && secret.hosts.length > 0;
      if (isBound && !secret.hosts.includes(host)) throw vaultRefused("hostRefused", name);
      const version = versionToLease(secret, now);
      if (version === null) throw vaultRefused("revoked", name);
      const { expiresAt } = versionIn(secret, version);
      leased = { id: secret.id, value: await this.#sealer.open(secret, version), version, expiresAt };
      const holder = { kind, threadId, generation, version, at: now, reach: "used" } as const;
      const known = this.#book.findHolder(secret.id, holder);
      const isKnown = known !== null && known.version === version && known.generation === generation;
      const by = { actor: `${kind}:${threadId}`, requestId, now };
      return {
        deeds: isKnown ? [] : [deedOf(secret, "secret.leased", version, "", by)],
        change: () => {
          this.#exposures.note(secret.id, { version, kind, threadId, host }, now);
          if (!isKnown || now - known.at >= seenMs) this.#book.setHolder(secret.id, holder);
        },
      };
    });
    // What was written last is what was decided last.
    return leased ?? Promise.reject(new Error("A lease was written that nobody decided."));
  }

  /** Writes down which overlaps are over, and forgets who has not been seen for long. Answers when to look again. */
  async settle(now: number): Promise<number | null> {
    this.#book.removeHoldersBefore(now - heldMsMax);
    const by = { actor: "vault", requestId: "", now };
    const due = this.#book.list().filter(({ versions }) => versions.some((facts) => isOverlapOver(facts, now)));
    for (const { id } of due) {
      await this.#writer.write(async () => {
        const secret = this.#get(id);
        const over = secret.versions.filter((facts) => isOverlapOver(facts, now));
        return {
          deeds: over.map(({ version }) => deedOf(secret, "secret.overlap_ended", version, "", by)),
          change: () =>
            this.#book.setStates(
              id,
              over.map((facts) => ({ ...facts, state: "revoked", overlapUntil: null })),
            ),
        };
      });
    }
    return this.nextChangeAt();
  }

  /** The next moment at which something changes by itself, in milliseconds since 1970; null: none. */
  nextChangeAt(): number | null {
    return nextChangeAt(this.#book.list().flatMap(({ versions }) => versions));
  }

  #get(id: SecretId, change?: Change): StoredSecret {
    return secretFor(this.#book, id, (secret) => change === undefined || mayChange(secret, change));
  }
}
