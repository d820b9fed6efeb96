import type { IssuedThreadToken } from "@threadbox/contracts/thread-token";
import { withRenewal } from "./renewal.ts";

/** Seconds before its end at which a token is not used any more: it still has to cross the network. */
const marginSeconds = 30;

export interface ThreadTokensOptions {
  readonly fetchToken: (threadId: string) => Promise<IssuedThreadToken>;
  /** Milliseconds of a clock that never jumps; the computer's own clock may be wrong. */
  readonly now: () => number;
}

interface Kept {
  readonly token: Promise<string>;
  usableUntil: number;
}

/** Hands out thread tokens, asking the server only when the one it holds is about to end. */
export class ThreadTokens {
  readonly #options: ThreadTokensOptions;
  readonly #kept = new Map<string, Kept>();
  constructor(options: ThreadTokensOptions) {
    this.#options = options;
  }

  get(threadId: string): Promise<string> {
    const kept = this.#kept.get(threadId);
    if (kept !== undefined && this.#options.now() < kept.usableUntil) return kept.token;
    return this.#renew(threadId);
  }

  /** Runs that with a token of the thread; one that is refused is replaced once. */
  use<T>(threadId: string, run: (token: string) => Promise<T>): Promise<T> {
    const renew = () => {
      this.forget(threadId);
      return this.get(threadId);
    };
    return withRenewal({ get: () => this.get(threadId), renew }, run);
  }

  /** Whoever was refused with a token asks for another one next time. */
  forget(threadId: string): void {
    this.#kept.delete(threadId);
  }

  #renew(threadId: string): Promise<string> {
    const askedAt = this.#options.now();
    const issued = this.#options.fetchToken(threadId);
    const kept: Kept = { token: issued.then(({ token }) => token), usableUntil: Number.POSITIVE_INFINITY };
    this.#kept.set(threadId, kept);
    issued.then(
      ({ expiresInSeconds }) => {
        kept.usableUntil = askedAt + (expiresInSeconds - marginSeconds) * 1000;
      },
      () => {
        if (this.#kept.get(threadId) === kept) this.#kept.delete(threadId);
      },
    );
    return kept.token;
  }
}
