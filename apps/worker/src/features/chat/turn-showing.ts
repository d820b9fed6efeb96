import { liveOf, type Showing } from "./live.ts";
import { ProgramsOfTurn } from "./programs-of-turn.ts";
import type { ChatStore } from "./store.ts";
import type { TurnQueueHost } from "./turn-queue-host.ts";

const calm: Showing = { step: "preparing", since: 0, retry: null };

/** What everybody who looks at the thread is shown of its turns, beside their messages. */
export class TurnShowing {
  readonly #store: ChatStore;
  readonly #host: TurnQueueHost;
  readonly #isPaused: () => boolean;
  readonly programs = new ProgramsOfTurn(() => this.publish());
  #showing = calm;

  constructor(store: ChatStore, host: TurnQueueHost, isPaused: () => boolean) {
    this.#store = store;
    this.#host = host;
    this.#isPaused = isPaused;
  }

  /** A turn begins, or is taken up again. */
  begin(): void {
    this.#showing = { ...calm, since: this.#host.now() };
    this.publish();
  }

  /** A turn that is being interrupted shows just that. */
  show({ step, retry }: Omit<Showing, "since">): void {
    const known = this.#showing;
    const since = known.step === step ? known.since : this.#host.now();
    if (known.step !== "stopping") this.#showing = { step, since, retry };
    this.publish();
  }

  publish(): void {
    const store = this.#store;
    const live = liveOf(store.last(), store.running(), store.queued(), this.#showing);
    const isPaused = this.#isPaused() ? { isPaused: true } : {};
    const pending = store.pendingApprovals();
    const waiting = pending.length === 0 ? {} : { activity: "waiting" as const, approvals: pending };
    const programs = this.programs.shown(store.running() !== null);
    this.#host.publish({ ...live, ...isPaused, ...waiting, ...programs, forks: store.places.forks() });
  }
}
