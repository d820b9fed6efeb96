import type { VaultBook } from "./book.ts";
import type { AuditChain, AuditDeed } from "./chain.ts";

/** A decided change, and its rows of the chain. */
export interface VaultChange {
  readonly deeds: readonly AuditDeed[];
  readonly change: () => void;
}

/**
 * Writes a change in one transaction with its rows of the chain; where another one was written meanwhile it is decided
 * anew, so no decision rests on what has passed.
 */
export class VaultWriter {
  readonly #book: VaultBook;
  readonly #chain: AuditChain;

  readonly #onDeeds: (deeds: readonly AuditDeed[]) => void;

  /** `onDeeds`: called after every change that is worth a row. */
  constructor(book: VaultBook, chain: AuditChain, onDeeds: (deeds: readonly AuditDeed[]) => void) {
    this.#book = book;
    this.#chain = chain;
    this.#onDeeds = onDeeds;
  }

  /** `decide` may be asked several times; what it throws refuses the change. */
  async write(decide: () => Promise<VaultChange>): Promise<void> {
    for (;;) {
      const head = this.#book.head();
      const { deeds, change } = await decide();
      const rows = await this.#chain.link(head, deeds);
      if (!this.#book.commit(head, rows, change)) continue;
      if (deeds.length > 0) this.#onDeeds(deeds);
      return;
    }
  }
}
