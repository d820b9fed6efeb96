import type { SandboxName } from "@threadbox/contracts/ids";
import type { SandboxDisks } from "./sandbox-disks.ts";

export interface DisksInUse {
  readonly disks: SandboxDisks;
  /** After the last one the disks are closed, which nobody waits for: what was written may take a while to land. */
  release(): void;
}

interface Entry {
  users: number;
  readonly opened: Promise<SandboxDisks>;
}

/** Lets a running sandbox and requests for its files use the same disks: opened for the first, closed after the last. */
export class SharedDisks {
  readonly #open: (name: SandboxName) => Promise<SandboxDisks>;
  readonly #onError: (error: unknown) => void;
  readonly #entries = new Map<SandboxName, Entry>();
  readonly #closing = new Map<SandboxName, Promise<void>>();

  /** `onError` takes what goes wrong while disks are closed. */
  constructor(open: (name: SandboxName) => Promise<SandboxDisks>, onError: (error: unknown) => void) {
    this.#open = open;
    this.#onError = onError;
  }

  async use(name: SandboxName): Promise<DisksInUse> {
    const entry = this.#entries.get(name) ?? this.#begin(name);
    entry.users += 1;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      entry.users -= 1;
      if (entry.users === 0) this.#end(name, entry);
    };
    try {
      return { disks: await entry.opened, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Resolves when no closing of these disks is under way. */
  async closed(name: SandboxName): Promise<void> {
    await this.#closing.get(name);
  }

  #begin(name: SandboxName): Entry {
    const entry: Entry = { users: 0, opened: this.closed(name).then(() => this.#open(name)) };
    this.#entries.set(name, entry);
    return entry;
  }

  #end(name: SandboxName, { opened }: Entry): void {
    this.#entries.delete(name);
    const closing = opened.then(
      (disks) => disks.close().catch(this.#onError),
      () => {},
    );
    this.#closing.set(name, closing);
    closing.then(() => {
      if (this.#closing.get(name) === closing) this.#closing.delete(name);
    });
  }
}
