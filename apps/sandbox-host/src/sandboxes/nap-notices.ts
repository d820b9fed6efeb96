import { setTimeout as delay } from "node:timers/promises";
import type { SandboxName } from "@threadbox/contracts/ids";
import { type SandboxNap, sandboxEndsMax } from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { SendNews } from "./worker-ear.ts";

export interface NapNoticesOptions {
  /** Null: nobody wants to hear of naps. */
  readonly send: SendNews<SandboxNap> | null;
  readonly log: Logger;
}

const pauseMs = { first: 100, last: 5_000 };

/**
 * Tells the worker of naps until it has taken them; of each sandbox only the newest news counts. Nothing is kept on disk: naps end
 * with the process that made them.
 */
export class NapNotices {
  readonly #options: NapNoticesOptions;
  readonly #untold = new Map<SandboxName, SandboxNap>();
  readonly #closing = new AbortController();
  #telling: Promise<void> | null = null;

  constructor(options: NapNoticesOptions) {
    this.#options = options;
  }

  tell(news: SandboxNap): void {
    if (this.#options.send === null || this.#closing.signal.aborted) return;
    this.#untold.delete(news.name);
    this.#untold.set(news.name, news);
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = null;
    });
  }

  /** The sandbox has ended: whoever hears of that needs no other news of it. */
  forget(name: SandboxName): void {
    this.#untold.delete(name);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#telling;
  }

  async #tellAll(): Promise<void> {
    let pause: number = pauseMs.first;
    while (this.#untold.size > 0 && !this.#closing.signal.aborted) {
      if (await this.#tellSome([...this.#untold.values()].slice(0, sandboxEndsMax))) {
        pause = pauseMs.first;
        continue;
      }
      await delay(pause, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {});
      pause = Math.min(pause * 2, pauseMs.last);
    }
  }

  /** Whether all of them were taken. */
  async #tellSome(news: readonly SandboxNap[]): Promise<boolean> {
    try {
      const later = new Set(await this.#options.send?.(news, this.#closing.signal));
      for (const one of news)
        if (!later.has(one.name) && this.#untold.get(one.name) === one) this.#untold.delete(one.name);
      return later.size === 0;
    } catch (error) {
      if (!this.#closing.signal.aborted)
        this.#options.log.warn({ event: "nap.not_told", err: error }, "the worker was not told");
      return false;
    }
  }
}
