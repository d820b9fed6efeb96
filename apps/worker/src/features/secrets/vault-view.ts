import type { ThreadId } from "@threadbox/contracts/ids";
import type { SecretAudit, SecretId, SecretName, SecretView } from "@threadbox/contracts/secrets";
import type { StoredSecret, VaultBook } from "./book.ts";
import { type AuditChain, emptyChain } from "./chain.ts";
import { vaultRefused } from "./errors.ts";
import { heldMsMax } from "./keeper.ts";
import { scopesOf } from "./scope.ts";
import { isOverlapOver } from "./versions.ts";

const holdersShown = 100;
const versionsShown = 20;
const verifyStep = 500;

/** A secret that is put into a thread's requests to these hosts. */
export interface BoundSecret {
  readonly name: SecretName;
  readonly hosts: readonly string[];
}

/** What an admin is shown of the vault: everything but the values. */
export class VaultView {
  readonly #book: VaultBook;
  readonly #chain: AuditChain;

  constructor(book: VaultBook, chain: AuditChain) {
    this.#book = book;
    this.#chain = chain;
  }

  list(now: number): readonly SecretView[] {
    return this.#book.list().map((secret) => this.#viewOf(secret, now));
  }

  get(id: SecretId, now: number): SecretView {
    const secret = this.#book.find(id);
    if (secret === null) throw vaultRefused("notFound");
    return this.#viewOf(secret, now);
  }

  /** By name, the closest of each; one that is revoked is still bound, so that its hosts are never asked without it. */
  bound(threadId: ThreadId): readonly BoundSecret[] {
    const farthestFirst = scopesOf(threadId).toReversed();
    const uses = new Map(farthestFirst.flatMap((scope) => [...this.#book.uses(scope)]));
    return [...uses].flatMap(([name, { usage, hosts }]) => (usage === "egress" ? [{ name, hosts }] : []));
  }

  /** So many rows of the chain before that one, and what a look at the whole of it says. */
  async audit(before: number | null, count: number): Promise<SecretAudit> {
    const found = this.#book.chainBefore(before ?? Number.MAX_SAFE_INTEGER, count + 1);
    const rows = found.slice(0, count).map(({ kid: _kid, hash: _hash, ...row }) => row);
    const next = found.length > count ? rows.at(-1)?.sequence : undefined;
    const chain = { length: this.#book.head().sequence, brokenAt: await this.#findBreak() };
    return { rows, before: next ?? null, chain };
  }

  #viewOf(secret: StoredSecret, now: number): SecretView {
    const versions = secret.versions
      .slice(0, versionsShown)
      .map((facts) =>
        isOverlapOver(facts, now) ? { ...facts, state: "revoked" as const, overlapUntil: null } : facts,
      );
    return { ...secret, versions, holders: this.#book.holders(secret.id, now - heldMsMax, holdersShown) };
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
