import type { EndSecretVersion, SecretId } from "@threadbox/contracts/secrets";
import type { StoredSecret, VaultBook } from "./book.ts";
import { type Change, deedOf, mayChange, mayRevoke } from "./deeds.ts";
import type { EndBook } from "./end-book.ts";
import { vaultRefused } from "./errors.ts";
import { secretFor, versionIn } from "./secret-for.ts";
import type { VaultWriter } from "./vault-writer.ts";
import { isOverlapOver, newestOf, revokedWith } from "./versions.ts";

/** What ends versions before their time, and takes what is left of them out of the vault. */
export class VersionEnder {
  readonly #book: VaultBook;
  readonly #ends: EndBook;
  readonly #writer: VaultWriter;

  constructor(book: VaultBook, ends: EndBook, writer: VaultWriter) {
    this.#book = book;
    this.#ends = ends;
    this.#writer = writer;
  }

  /** No use of it or of an older one is allowed from now on. An admin may do that with a user's own too. */
  async revoke(id: SecretId, { version, reason }: EndSecretVersion, change: Change): Promise<void> {
    const { now, actor } = change;
    await this.#writer.write(async () => {
      const secret = secretFor(this.#book, id, (known) => mayRevoke(known, change));
      const { state } = versionIn(secret, version);
      if (state === "checking") throw vaultRefused("checking");
      if (state === "revoked" || state === "destroyed") throw vaultRefused("ended");
      const ended = revokedWith(secret.versions, version);
      return {
        deeds: ended.map((facts) => deedOf(secret, "secret.revoked", facts.version, reason, change)),
        change: () => {
          this.#book.setStates(id, ended);
          this.#book.setMinVersion(id, version + 1);
          for (const facts of ended) this.#ends.note(id, facts.version, { at: now, by: actor, reason });
        },
      };
    });
  }

  async destroy(id: SecretId, { version, reason }: EndSecretVersion, change: Change): Promise<void> {
    await this.#writer.write(async () => {
      const secret = this.#get(id, change);
      const facts = versionIn(secret, version);
      if (facts.state === "destroyed") throw vaultRefused("ended");
      if (facts.state !== "revoked" && !isOverlapOver(facts, change.now)) throw vaultRefused("notRevoked");
      return {
        deeds: [deedOf(secret, "secret.destroyed", version, reason, change)],
        change: () => this.#book.destroy(id, version),
      };
    });
  }

  /** Ends every version and leaves nothing of their values: the secret is gone but for what is written of it. */
  async retire(id: SecretId, reason: string, change: Change): Promise<void> {
    await this.#writer.write(async () => {
      const secret = this.#get(id, change);
      const left = secret.versions.filter(({ state }) => state !== "destroyed");
      return {
        deeds: left.flatMap(({ version, state }) => [
          ...(state === "revoked" ? [] : [deedOf(secret, "secret.revoked", version, reason, change)]),
          deedOf(secret, "secret.destroyed", version, reason, change),
        ]),
        change: () => {
          this.#book.setMinVersion(id, newestOf(secret) + 1);
          for (const { version } of left) this.#book.destroy(id, version);
          // Who is answered by a key that was removed is told so.
          if (secret.usage !== "internal") this.#book.forget(id);
        },
      };
    });
  }

  #get(id: SecretId, change: Change): StoredSecret {
    return secretFor(this.#book, id, (secret) => mayChange(secret, change));
  }
}
