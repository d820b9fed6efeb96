import type {
  ChangeSecretHosts,
  RollBackSecret,
  SecretHolder,
  SecretId,
  SecretProbe,
} from "@threadbox/contracts/secrets";
import type { NamedHostsConfig } from "../../config.ts";
import type { StoredSecret, VaultBook } from "./book.ts";
import { readHosts, refuseHosts, refuseProbe } from "./check-value.ts";
import { type Change, deedOf, mayChange, outdatedBy } from "./deeds.ts";
import { vaultRefused } from "./errors.ts";
import type { ProbeOutcome } from "./probes.ts";
import type { RolloutBook } from "./rollout-book.ts";
import type { Sealer } from "./sealer.ts";
import type { VaultWriter } from "./vault-writer.ts";
import { isOverlapOver, newestOf, revokedWith, versionToLease } from "./versions.ts";

const byVault = (now: number) => ({ actor: "vault", requestId: "", now });

/** What becomes of a version after it was given to the vault: its check, its acknowledgements, and the end of the one before. */
export class RolloutKeeper {
  readonly #book: VaultBook;
  readonly #rollouts: RolloutBook;
  readonly #sealer: Sealer;
  readonly #writer: VaultWriter;

  readonly #named: NamedHostsConfig;

  constructor(book: VaultBook, rollouts: RolloutBook, sealer: Sealer, writer: VaultWriter, named: NamedHostsConfig) {
    this.#named = named;
    this.#book = book;
    this.#rollouts = rollouts;
    this.#sealer = sealer;
    this.#writer = writer;
  }

  /** A value that waits for its check, to be sent to the probe's host alone. */
  candidate(secret: StoredSecret, version: number): Promise<string> {
    return this.#sealer.open(secret, version);
  }

  /** A version that has passed becomes the active one; one that has not ends, and the one before stays what it was. */
  async settleCheck(id: SecretId, version: number, { isGood, words }: ProbeOutcome, now: number): Promise<void> {
    await this.#writer.write(async () => {
      const secret = this.#get(id);
      const facts = secret.versions.find((known) => known.version === version);
      if (facts?.state !== "checking") return { deeds: [], change: () => {} };
      const rollout = { ...this.#rollouts.find(id, version), checked: words };
      if (!isGood) {
        return {
          deeds: [deedOf(secret, "secret.check_failed", version, words, byVault(now))],
          change: () => {
            this.#book.setStates(id, [{ ...facts, state: "revoked" }]);
            this.#rollouts.set(id, version, rollout);
          },
        };
      }
      const older = secret.versions.filter((known) => known.version < version);
      const { outdated, isAtOnce } = outdatedBy(older, rollout.overlapMinutes, now);
      const ended = outdated.filter(({ state }) => state === "revoked");
      const follows = `Version ${version} follows.`;
      return {
        deeds: [
          deedOf(secret, "secret.checked", version, words, byVault(now)),
          ...ended.map((old) => deedOf(secret, "secret.revoked", old.version, follows, byVault(now))),
        ],
        change: () => {
          this.#book.setStates(id, [...outdated, { ...facts, state: "active" }]);
          this.#rollouts.set(id, version, rollout);
          if (isAtOnce) this.#book.setMinVersion(id, version);
        },
      };
    });
  }

  /** What telling a holder came to; an acknowledgement is a row of the chain. */
  async noteReach(secret: StoredSecret, holder: SecretHolder, reach: SecretHolder["reach"], now: number) {
    await this.#writer.write(async () => {
      const by = { ...byVault(now), actor: `${holder.kind}:${holder.threadId}` };
      const isTold = reach === "told";
      return {
        deeds: isTold ? [deedOf(secret, "secret.acknowledged", holder.version, "", by)] : [],
        change: () => {
          this.#book.setHolder(secret.id, { ...holder, reach, at: isTold ? now : holder.at });
        },
      };
    });
  }

  /** Ends what is older than the version in force, which everybody has now. */
  async endAcknowledged(id: SecretId, words: string, now: number): Promise<void> {
    await this.#writer.write(async () => {
      const secret = this.#get(id);
      const current = versionToLease(secret, now) ?? 0;
      const ended = revokedWith(secret.versions, current - 1);
      return {
        deeds: ended.map((old) => deedOf(secret, "secret.revoked", old.version, words, byVault(now))),
        change: () => {
          this.#book.setStates(id, ended);
          this.#book.setMinVersion(id, current);
        },
      };
    });
  }

  /** The value of the version that is in overlap becomes the newest version, and what followed it ends. */
  async rollBack(id: SecretId, { expectedVersion, reason }: RollBackSecret, change: Change): Promise<void> {
    const { now, actor } = change;
    await this.#writer.write(async () => {
      const secret = this.#get(id, change);
      const newest = newestOf(secret);
      if (newest !== expectedVersion) throw vaultRefused("conflict");
      const old = secret.versions.find((facts) => facts.state === "overlap" && !isOverlapOver(facts, now));
      if (old === undefined || secret.versions.some(({ state }) => state === "checking"))
        throw vaultRefused("noWayBack");
      const version = newest + 1;
      const sealed = await this.#sealer.seal(secret, version, await this.#sealer.open(secret, old.version));
      const ended = revokedWith(secret.versions, newest);
      const words = `Version ${version} has the value of version ${old.version} again.`;
      const added = { version, createdAt: now, createdBy: actor, reason, expiresAt: old.expiresAt };
      return {
        deeds: [
          deedOf(secret, "secret.rolled_back", version, reason, change),
          ...ended.map((facts) => deedOf(secret, "secret.revoked", facts.version, words, change)),
        ],
        change: () => {
          this.#book.setStates(id, ended);
          this.#book.addVersion(id, { ...added, ...sealed }, "active");
          this.#book.setMinVersion(id, version);
        },
      };
    });
  }

  async setProbe(id: SecretId, probe: SecretProbe | null, change: Change): Promise<void> {
    await this.#writer.write(async () => {
      const secret = this.#get(id, change);
      const refusal = refuseProbe(probe, secret.hosts);
      if (refusal !== null) throw vaultRefused(refusal);
      const words =
        probe === null ? "New values are taken as they are." : `${probe.method} at ${new URL(probe.url).host}.`;
      return {
        deeds: [deedOf(secret, "secret.probe_changed", newestOf(secret), words, change)],
        change: () => this.#rollouts.setProbe(id, probe),
      };
    });
  }

  /** Where it may be sent from the next use on; a check that would then go elsewhere is changed first. */
  async setHosts(id: SecretId, { hosts, expectedHosts, reason }: ChangeSecretHosts, change: Change): Promise<void> {
    await this.#writer.write(async () => {
      const secret = this.#get(id, change);
      const wanted = readHosts(hosts, secret.usage, this.#named);
      if (secret.hosts.join() !== expectedHosts.join()) throw vaultRefused("conflict");
      const refusal = refuseHosts(wanted, secret.usage) ?? refuseProbe(this.#rollouts.probe(id), wanted);
      if (refusal !== null) throw vaultRefused(refusal);
      const words = `${wanted.length === 0 ? "Wherever its use leads" : wanted.join(", ")}: ${reason}`;
      return {
        deeds: [deedOf(secret, "secret.hosts_changed", newestOf(secret), words, change)],
        change: () => this.#book.setHosts(id, wanted),
      };
    });
  }

  #get(id: SecretId, change?: Change): StoredSecret {
    const secret = this.#book.find(id);
    if (secret === null || (change !== undefined && !mayChange(secret, change))) throw vaultRefused("notFound");
    return secret;
  }
}
