import { setTimeout } from "node:timers/promises";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { SandboxDisks } from "./sandbox-disks.ts";

export interface DisksInUse {
  readonly disks: SandboxDisks;
  /** After the last one the disks are closed, which nobody waits for: what was written may take a while to land. */
  release(): void;
}

interface Entry {
  users: number;
  /** Settles when nobody has hold of them any more and they are closed. */
  readonly ended: PromiseWithResolvers<void>;
  readonly opened: Promise<SandboxDisks>;
}

/** Lets a running sandbox and requests for its files use the same disks: opened for the first, closed after the last. */
export class SharedDisks {
  readonly #open: (name: SandboxName) => Promise<SandboxDisks>;
  readonly #onError: (error: unknown) => void;
  readonly #entries = new Map<SandboxName, Entry>();
  readonly #closing = new Map<SandboxName, Promise<void>>();
  readonly #alone = new Map<SandboxName, Promise<void>>();

  /** `onError` takes what goes wrong while disks are closed. */
  constructor(open: (name: SandboxName) => Promise<SandboxDisks>, onError: (error: unknown) => void) {
    this.#open = open;
    this.#onError = onError;
  }

  async use(name: SandboxName): Promise<DisksInUse> {
    while (this.#alone.has(name)) await this.#alone.get(name);
    const entry = this.#entries.get(name) ?? this.#begin(name);
    entry.users += 1;
    const release = this.#releaseOf(name, entry);
    try {
      return { disks: await entry.opened, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Takes over disks that somebody else has opened under this name, which nobody has hold of, until they are released. */
  adopt(name: SandboxName, disks: SandboxDisks): DisksInUse {
    if (this.#entries.has(name) || this.#alone.has(name)) throw new Error("Somebody has hold of these disks already.");
    const entry: Entry = { users: 1, ended: Promise.withResolvers(), opened: Promise.resolve(disks) };
    this.#entries.set(name, entry);
    return { disks, release: this.#releaseOf(name, entry) };
  }

  /** Resolves when no closing of these disks is under way. */
  async closed(name: SandboxName): Promise<void> {
    await this.#closing.get(name);
  }

  /**
   * Runs `act` while nobody else has hold of these disks: who asks for them meanwhile waits. Rejects with what `tooLate` makes
   * where somebody still has after `waitMsMax`.
   */
  async alone<A>(
    name: SandboxName,
    act: () => Promise<A>,
    { waitMsMax, tooLate }: { readonly waitMsMax: number; readonly tooLate: () => Error },
  ): Promise<A> {
    while (this.#alone.has(name)) await this.#alone.get(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#alone.set(name, promise);
    const late = new AbortController();
    try {
      const free = (this.#entries.get(name)?.ended.promise ?? this.closed(name)).then(() => true);
      const timer = setTimeout(waitMsMax, false, { signal: late.signal }).catch(() => false);
      if (!(await Promise.race([free, timer]))) throw tooLate();
      return await act();
    } finally {
      late.abort();
      this.#alone.delete(name);
      resolve();
    }
  }

  #releaseOf(name: SandboxName, entry: Entry): () => void {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      entry.users -= 1;
      if (entry.users === 0) this.#end(name, entry);
    };
  }

  #begin(name: SandboxName): Entry {
    const ended = Promise.withResolvers<void>();
    const entry: Entry = { users: 0, ended, opened: this.closed(name).then(() => this.#open(name)) };
    this.#entries.set(name, entry);
    return entry;
  }

  #end(name: SandboxName, { opened, ended }: Entry): void {
    this.#entries.delete(name);
    const closing = opened.then(
      (disks) => disks.close().catch(this.#onError),
      () => {},
    );
    this.#closing.set(name, closing);
    closing.then(() => {
      if (this.#closing.get(name) === closing) this.#closing.delete(name);
      ended.resolve();
    });
  }
}
