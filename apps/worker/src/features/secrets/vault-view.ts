import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type { SecretAudit, SecretId, SecretName, SecretView, UsersSecretView } from "@threadbox/contracts/secrets";
import type { UserSecretEnd, UserSecretView } from "@threadbox/contracts/user-secrets";
import type { StoredSecret, VaultBook } from "./book.ts";
import { type AuditChain, emptyChain } from "./chain.ts";
import type { EndBook } from "./end-book.ts";
import { vaultRefused } from "./errors.ts";
import type { ExposureBook } from "./exposure-book.ts";
import { findRows, wordsOf } from "./find-rows.ts";
import { heldMsMax } from "./keeper.ts";
import type { OpenUses } from "./open-uses.ts";
import type { RolloutBook } from "./rollout-book.ts";
import { scopesOf } from "./scope.ts";
import { isOverlapOver, isUsable, newestOf, versionToLease } from "./versions.ts";

const holdersShown = 100;
const versionsShown = 20;
const verifyStep = 500;

/** A secret that is put into a thread's requests to these hosts. */
export interface BoundSecret {
  readonly name: SecretName;
  readonly hosts: readonly string[];
  /** The thread's owner has added it: what an admin closes it can't open. */
  readonly isOwners: boolean;
}

interface VaultViewParts {
  readonly book: VaultBook;
  readonly chain: AuditChain;
  readonly rollouts: RolloutBook;
  readonly exposures: ExposureBook;
  readonly ends: EndBook;
  readonly uses: OpenUses;
}

/** What admins and users are shown of the vault: everything that is theirs but the values. */
export class VaultView {
  readonly #book: VaultBook;
  readonly #chain: AuditChain;
  readonly #rollouts: RolloutBook;
  readonly #exposures: ExposureBook;
  readonly #ends: EndBook;
  readonly #uses: OpenUses;

  constructor({ book, chain, rollouts, exposures, ends, uses }: VaultViewParts) {
    this.#exposures = exposures;
    this.#book = book;
    this.#chain = chain;
    this.#rollouts = rollouts;
    this.#ends = ends;
    this.#uses = uses;
  }

  list(now: number): readonly SecretView[] {
    return this.#book
      .list()
      .filter(({ keptBy }) => keptBy === "admin")
      .map((secret) => this.#viewOf(secret, now));
  }

  get(id: SecretId, now: number): SecretView {
    const secret = this.#book.find(id);
    if (secret === null) throw vaultRefused("notFound");
    return this.#viewOf(secret, now);
  }

  /** What programs in that user's threads have as the user's. */
  listOf(userId: UserId, now: number): readonly UserSecretView[] {
    return this.#book.listOf(userId).map(({ id, name, usage, hosts, keptBy, ...secret }) => ({
      id,
      name,
      usage: usage === "egress" ? "egress" : "env",
      hosts,
      version: newestOf(secret),
      changedAt: secret.versions[0]?.createdAt ?? secret.createdAt,
      lastUsedAt: this.#exposures.lastAt(id),
      isUsable: versionToLease(secret, now) !== null,
      isOwn: keptBy === "user",
      ended: keptBy === "user" ? this.#endOf({ id, ...secret }) : null,
    }));
  }

  /** What users keep, by name, of those with these letters in their names, users or hosts. */
  listOfUsers(find: string, count: number, now: number): readonly UsersSecretView[] {
    return this.#book.listKeptByUsers(find, count).map((secret) => ({
      ...this.#viewOf(secret, now),
      lastUsedAt: this.#exposures.lastAt(secret.id),
    }));
  }

  /** By their names, what an admin has ended of what that user keeps and hasn't given a new value. */
  endsOf(userId: UserId): ReadonlyMap<SecretName, UserSecretEnd> {
    return new Map(
      this.#book.listKeptBy(userId).flatMap((secret) => {
        const ended = this.#endOf(secret);
        return ended === null ? [] : [[secret.name, ended]];
      }),
    );
  }

  #endOf(secret: Pick<StoredSecret, "id" | "minVersion" | "versions">): UserSecretEnd | null {
    const ended = this.#ends.of(secret.id, newestOf(secret));
    return ended === null ? null : { at: ended.at, reason: ended.reason };
  }

  /** Whether a request that was given that version may go on. */
  isUsable(id: SecretId, version: number, now: number): boolean {
    const secret = this.#book.find(id);
    const facts = secret?.versions.find((known) => known.version === version);
    return secret !== null && facts !== undefined && isUsable(facts, secret.minVersion, now);
  }

  /** Whether an older version of it is still good, and somebody may be waited for. */
  hasOverlap(id: SecretId): boolean {
    return this.#book.find(id)?.versions.some(({ state }) => state === "overlap") ?? false;
  }

  hasOfUsers(name: SecretName | null): boolean {
    return this.#book.hasOfUsers(name);
  }

  /** By name, the closest of each; one that is revoked is still bound, so that its hosts are never asked without it. */
  bound(threadId: ThreadId, owner: UserId | null): readonly BoundSecret[] {
    const farthestFirst = scopesOf(threadId, owner).toReversed();
    const uses = new Map(farthestFirst.flatMap((scope) => [...this.#book.uses(scope)]));
    return [...uses].flatMap(([name, { usage, hosts, keptBy }]) =>
      usage === "egress" ? [{ name, hosts, isOwners: keptBy === "user" }] : [],
    );
  }

  /** So many rows of the chain before that one that have these words, and what a look at the whole of it says. */
  async audit(before: number | null, count: number, find = ""): Promise<SecretAudit> {
    const chainBefore = (sequence: number, rows: number) => this.#book.chainBefore(sequence, rows);
    const found = findRows(chainBefore, before, count, wordsOf(find));
    const rows = found.rows.map(({ kid: _kid, hash: _hash, ...row }) => row);
    const chain = { length: this.#book.head().sequence, brokenAt: await this.#findBreak() };
    return { rows, before: found.before, chain };
  }

  #viewOf(secret: StoredSecret, now: number): SecretView {
    const { id } = secret;
    const current = versionToLease(secret, now);
    const isAcknowledged = current !== null && this.#rollouts.find(id, current).endsWhenAcknowledged;
    const versions = secret.versions.slice(0, versionsShown).map((facts) => {
      const isOver = isOverlapOver(facts, now);
      const state = isOver ? ("revoked" as const) : facts.state;
      return {
        ...facts,
        state,
        overlapUntil: isOver ? null : facts.overlapUntil,
        endsWhenAcknowledged: isAcknowledged && state === "overlap",
        checked: this.#rollouts.find(id, facts.version).checked,
        openUses: this.#uses.count(id, facts.version, now),
        ended: this.#ends.of(id, facts.version),
      };
    });
    const holders = this.#book.holders(id, now - heldMsMax, holdersShown);
    const { keptBy: _, ...shown } = secret;
    return { ...shown, probe: this.#rollouts.probe(id), versions, holders };
  }

  async #findBreak(): Promise<number | null> {
    let head = emptyChain;
    for (;;) {
      const rows = this.#book.chainAfter(head.sequence, verifyStep);
      const broken = await this.#chain.findBreak(head, rows);
      const last = rows.at(-1);
      if (broken !== null || last === undefined) return broken;
      head = { sequence: last.sequence, hash: last.hash };
    }
  }
}
