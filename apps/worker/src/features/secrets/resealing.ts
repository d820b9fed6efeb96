import { log } from "../../platform/log.ts";
import type { SealedVersion, VaultBook } from "./book.ts";
import { openValue, SealBrokenError, sealValue } from "./envelope.ts";
import type { MasterKeys } from "./master-keys.ts";
import type { VaultWriter } from "./vault-writer.ts";

const stepMax = 20;

/**
 * Puts values that another master key encrypts under the current one, some at a time, so that the old key can go. What is
 * done stays done over a restart; what can't be opened is passed over, and named in the log.
 */
export class Resealing {
  readonly #book: VaultBook;
  readonly #keys: MasterKeys;
  readonly #writer: VaultWriter;
  #after: { readonly secretId: string; readonly version: number } = { secretId: "", version: 0 };

  constructor(book: VaultBook, keys: MasterKeys, writer: VaultWriter) {
    this.#book = book;
    this.#keys = keys;
    this.#writer = writer;
  }

  get isDone(): boolean {
    return this.#next(1).length === 0;
  }

  async step(now: number): Promise<void> {
    for (const found of this.#next(stepMax)) {
      await this.#reseal(found, now);
      this.#after = found;
    }
  }

  #next(count: number): readonly SealedVersion[] {
    return this.#book.sealedByOthers(this.#keys.currentKid, this.#after, count);
  }

  async #reseal(found: SealedVersion, now: number): Promise<void> {
    const { secretId, name, scope, version, sealed } = found;
    const binding = { purpose: "secret", scope, name, version } as const;
    try {
      const again = await sealValue(this.#keys, binding, await openValue(this.#keys, binding, sealed));
      await this.#writer.write(async () => ({
        deeds: [
          {
            at: now,
            actor: "vault",
            action: "secret.resealed",
            requestId: "",
            reason: "",
            secretId,
            name,
            scope,
            version,
          },
        ],
        change: () => this.#book.reseal(found, again),
      }));
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error;
      log("secret.unopened", { name, version, kid: sealed.kid });
    }
  }
}
