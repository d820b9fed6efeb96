import type { StoredSecret, VaultBook } from "./book.ts";
import { fingerprintOf, openValue, SealBrokenError, sealValue } from "./envelope.ts";
import { vaultRefused } from "./errors.ts";
import type { MasterKeys } from "./master-keys.ts";
import { scopeText } from "./scope.ts";
import { versionToLease } from "./versions.ts";

const purpose = "secret" as const;

/** Seals the vault's values and opens them, each bound to what it is of. */
export class Sealer {
  readonly #book: VaultBook;
  readonly #keys: MasterKeys;

  constructor(book: VaultBook, keys: MasterKeys) {
    this.#book = book;
    this.#keys = keys;
  }

  async seal({ name, scope }: Pick<StoredSecret, "name" | "scope">, version: number, value: string) {
    const binding = { purpose, scope: scopeText(scope), name, version };
    const sealed = await sealValue(this.#keys, binding, value);
    return { sealed, fingerprint: await fingerprintOf(this.#keys, value) };
  }

  async open(secret: StoredSecret, version: number): Promise<string> {
    const sealed = this.#book.sealed(secret.id, version);
    const binding = { purpose, scope: scopeText(secret.scope), name: secret.name, version };
    try {
      if (sealed === null) throw new SealBrokenError();
      return await openValue(this.#keys, binding, sealed);
    } catch (error) {
      if (error instanceof SealBrokenError) throw vaultRefused("broken", secret.name);
      throw error;
    }
  }

  /** A value that cannot be opened is no reason against the next one. */
  async isCurrentValue(secret: StoredSecret, value: string, now: number): Promise<boolean> {
    const version = versionToLease(secret, now);
    return version !== null && (await this.isValueOf(secret, version, value));
  }

  async isValueOf(secret: StoredSecret, version: number, value: string): Promise<boolean> {
    return (await this.open(secret, version).catch(() => null)) === value;
  }
}
