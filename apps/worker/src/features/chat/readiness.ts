import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { getReady, type ReadyOpenCode, type WaitingOpenCode } from "../opencode/index.ts";
import { Sandboxes } from "../sandbox/index.ts";

/** After so long without a word that somebody writes, nothing is held ready any more. A page says so every 30 seconds. */
const heldMsMax = 60_000;

export interface ReadinessHost {
  readonly threadId: () => ThreadId;
  readonly run: <A>(effect: Effect.Effect<A, never, Sandboxes>) => Promise<A>;
  /** A turn runs, which has its sandbox. */
  readonly isBusy: () => boolean;
  /** The session that the next prompt will most likely be put to; null where there is none yet. */
  readonly sessionId: () => string | null;
}

/** Wakes the sandbox, and asks of OpenCode what a turn asks first. Null where that can't be had: a turn says why. */
const makeReady = (threadId: ThreadId, sessionId: string | null) =>
  Effect.gen(function* () {
    const sandboxes = yield* Sandboxes;
    yield* sandboxes.wake(threadId);
    const found = yield* sandboxes.find(threadId);
    if (found?.status !== "ready") return null;
    return yield* getReady(yield* sandboxes.attach(threadId, found.generation), sessionId);
  }).pipe(Effect.catch(() => Effect.succeed(null)));

/** Somebody writes: what the turn to come would have to ask for first is had before it is sent. */
export class Readiness {
  readonly #host: ReadinessHost;
  #waiting: WaitingOpenCode | null = null;
  #isMaking = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(host: ReadinessHost) {
    this.#host = host;
  }

  async compose(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.drop(), heldMsMax);
    if (this.#isMaking || this.#waiting?.isOpen() === true || this.#host.isBusy()) return;
    this.#isMaking = true;
    try {
      const waiting = await this.#host.run(makeReady(this.#host.threadId(), this.#host.sessionId()));
      // A turn that has begun meanwhile has asked for all of it itself.
      if (this.#host.isBusy()) waiting?.close();
      else this.#waiting = waiting;
    } finally {
      this.#isMaking = false;
    }
  }

  /** What has been made ready, for the turn that begins; whoever takes it closes it. */
  take(): ReadyOpenCode | null {
    clearTimeout(this.#timer);
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting?.take() ?? null;
  }

  /** Nobody writes any more. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#waiting?.close();
    this.#waiting = null;
  }
}
