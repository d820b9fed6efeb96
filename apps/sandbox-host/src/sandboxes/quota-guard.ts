import * as fs from "node:fs/promises";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { Logger } from "pino";
import type { DiskLimits } from "../config.ts";
import type { CountedFolder } from "../engines/engine.ts";
import { type Count, findExcess, isCountDue, type Room } from "./quota-decision.ts";

/** One start of a sandbox. */
export interface GuardedSandbox {
  readonly name: SandboxName;
  readonly generation: number;
}

export interface QuotaGuardOptions {
  readonly limits: DiskLimits;
  /** What the machine has free where sandboxes keep their files. */
  readonly free: () => Promise<Room>;
  /** The sandboxes that start or run. */
  readonly sandboxes: () => readonly GuardedSandbox[];
  /** The folders of a sandbox that have no quota of their own. */
  readonly count: (name: SandboxName) => Promise<readonly CountedFolder[]>;
  readonly stop: (name: SandboxName, reason: string) => Promise<void>;
  /** Milliseconds; only differences matter. */
  readonly now: () => number;
  readonly log: Logger;
}

export const freeRoomOf = async (folder: string): Promise<Room> => {
  const { bavail, bsize, ffree } = await fs.statfs(folder);
  return { bytes: bavail * bsize, files: ffree };
};

interface Watch {
  readonly generation: number;
  readonly first?: readonly CountedFolder[];
  readonly last?: Count;
}

/** Ends each sandbox that keeps more in a folder than it may. The others go on. */
export class QuotaGuard {
  readonly #options: QuotaGuardOptions;
  readonly #watches = new Map<SandboxName, Watch>();

  constructor(options: QuotaGuardOptions) {
    this.#options = options;
  }

  /** One look at all of them. Resolves with those that were ended. */
  async look(): Promise<readonly SandboxName[]> {
    const { sandboxes, free, limits, now } = this.#options;
    const present = sandboxes();
    for (const name of this.#watches.keys()) {
      if (!present.some((sandbox) => sandbox.name === name)) this.#watches.delete(name);
    }
    if (present.length === 0) return [];
    const room = await free();
    const due = present.filter((sandbox) => isCountDue(this.#watchOf(sandbox).last, room, limits, now()));
    const ended = await Promise.all(due.map((sandbox) => this.#count(sandbox, room)));
    return ended.filter((name) => name !== undefined);
  }

  #watchOf({ name, generation }: GuardedSandbox): Watch {
    const watch = this.#watches.get(name);
    return watch?.generation === generation ? watch : { generation };
  }

  async #count(sandbox: GuardedSandbox, free: Room): Promise<SandboxName | undefined> {
    const { count, limits, stop, sandboxes, now, log } = this.#options;
    const { name, generation } = sandbox;
    const at = now();
    const folders = await count(name);
    const first = this.#watchOf(sandbox).first ?? folders;
    this.#watches.set(name, { generation, first, last: { folders, free, at, tookMs: now() - at } });
    const reason = findExcess(first, folders, limits);
    const isCurrent = sandboxes().some((one) => one.name === name && one.generation === generation);
    if (reason === undefined || !isCurrent) return undefined;
    log.warn({ event: "quota.guarded", sandbox: name, folders }, reason);
    await stop(name, reason);
    return name;
  }
}
