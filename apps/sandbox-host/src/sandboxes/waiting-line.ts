import type { SandboxName } from "@threadbox/contracts/ids";

/** Whoever does not ask again for this long has given up; callers ask again after a few seconds. */
export const patienceMs = 8_000;

/** Who waits for a place. A caller keeps its position from one request to the next, without a connection in between. */
export class WaitingLine {
  /** When each asked last; in the order in which they came. */
  readonly #askedAt = new Map<SandboxName, number>();

  /** Joins the line at its end, or keeps the position in it. */
  ask(name: SandboxName, now: number): void {
    this.#askedAt.set(name, now);
  }

  leave(name: SandboxName): void {
    this.#askedAt.delete(name);
  }

  /** Everyone who still waits, the first in line first. */
  names(now: number): readonly SandboxName[] {
    for (const [name, askedAt] of this.#askedAt) {
      if (now - askedAt > patienceMs) this.#askedAt.delete(name);
    }
    return [...this.#askedAt.keys()];
  }
}
