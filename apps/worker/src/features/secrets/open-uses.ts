import type { SecretId } from "@threadbox/contracts/secrets";

/** One request that was given a version, and is not over. */
interface Use {
  readonly secretId: SecretId;
  readonly version: number;
  /** When whoever has it last asked, in milliseconds since 1970. */
  askedAt: number;
  /** Called when the version ends while somebody waits. */
  wake: () => void;
}

/** Whoever has a use asks again before this long; one that has not is gone. */
export const watchMsMax = 20_000;
const goneMs = watchMsMax + 15_000;

/**
 * The requests that were given a version and are still open, so that the end of a version can end them, and so that who
 * needs an old version is known. Kept in memory: whoever has a use says so again and again.
 */
export class OpenUses {
  readonly #uses = new Map<string, Use>();

  /** Says that it is open. Resolves to what `wait` resolves to, or earlier when the version ends. */
  async watch(useId: string, of: Pick<Use, "secretId" | "version">, now: number, wait: Promise<void>): Promise<void> {
    const woken = new Promise<void>((wake) => this.#uses.set(useId, { ...of, askedAt: now, wake }));
    await Promise.race([wait, woken]);
  }

  /** It is over. Undefined where it wasn't known. */
  end(useId: string): Pick<Use, "secretId" | "version"> | undefined {
    const use = this.#uses.get(useId);
    use?.wake();
    this.#uses.delete(useId);
    return use;
  }

  /** Wakes everybody who waits for the end of a version of that secret, to look whether theirs has. */
  wake(secretId: SecretId): void {
    for (const use of this.#uses.values()) if (use.secretId === secretId) use.wake();
  }

  count(secretId: SecretId, version: number, now: number): number {
    let count = 0;
    for (const [useId, use] of this.#uses) {
      if (now - use.askedAt > goneMs) this.#uses.delete(useId);
      else if (use.secretId === secretId && use.version === version) count += 1;
    }
    return count;
  }
}
