import type { SandboxName } from "@threadbox/contracts/ids";
import { HostError } from "../errors.ts";
import { decidePlace, type Occupant, waitingSentence } from "./place-decision.ts";
import { WaitingLine } from "./waiting-line.ts";

export interface PlacesOptions {
  readonly max: number;
  /** The sandboxes that start or run; one that is being put to sleep is not among them. */
  readonly occupants: () => readonly Occupant[];
  /** Takes the sandbox out of `occupants` at once; resolves when no process of it is left. */
  readonly sleep: (name: SandboxName) => Promise<void>;
  /** Milliseconds. */
  readonly now: () => number;
}

/** The places for sandboxes on this machine: never more of them run or start at once than there are places. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #line = new WaitingLine();
  /** Places given away whose sandbox is not among the occupants yet. */
  readonly #taken = new Set<SandboxName>();

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /**
   * Begins a start within a place, putting an idle sandbox to sleep where it must. `begin` resolves when the sandbox is
   * among the occupants. Rejects with SandboxStarting where there is no place; whoever asks again keeps its position.
   */
  async within<A>(name: SandboxName, begin: () => Promise<A>): Promise<A> {
    const { max, sleep, now } = this.#options;
    const line = this.#line.names(now());
    const decision = decidePlace({ name, max, occupants: this.#occupants(), line, now: now() });
    if (decision.kind === "wait") {
      this.#line.ask(name, now());
      const { ahead, retryAfterSeconds } = decision;
      throw new HostError("SandboxStarting", waitingSentence(ahead), { retryAfterSeconds });
    }
    this.#line.leave(name);
    this.#taken.add(name);
    try {
      if (decision.kind === "sleep") await sleep(decision.name);
      return await begin();
    } finally {
      this.#taken.delete(name);
    }
  }

  /** Whether somebody waits for a place, or is about to have one. */
  isAsked(): boolean {
    return this.#taken.size > 0 || this.#line.names(this.#options.now()).length > 0;
  }

  /** Whoever waits under this name does not want a place any more. */
  leave(name: SandboxName): void {
    this.#line.leave(name);
  }

  #occupants(): readonly Occupant[] {
    const { occupants, now } = this.#options;
    const known = occupants();
    const coming = [...this.#taken]
      .filter((name) => !known.some((occupant) => occupant.name === name))
      .map((name) => ({ name, isReady: false, openUses: 0, usedAt: now() }));
    return [...known, ...coming];
  }
}
