import type { LiveProgram, ThreadLive } from "@threadbox/contracts/live";
import { Deferred, Effect } from "effect";

/** One wait for a stop takes so long at most, so that no call hangs on an object that has gone. */
const waitMsMax = 20_000;
const shownMax = 8;

/** Programs that run in the thread's turn, as they were told last. A view: after a loss the next word brings it back. */
export class ProgramsOfTurn {
  #programs: readonly LiveProgram[] = [];
  #stop = Deferred.makeUnsafe<true>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  hear(program: LiveProgram): void {
    const known = this.#programs.some(({ runId }) => runId === program.runId);
    this.#programs = known
      ? this.#programs.map((each) => (each.runId === program.runId ? program : each))
      : [...this.#programs, program].slice(-shownMax);
    this.#changed();
  }

  /** Those of a turn are over with it. */
  shown(isTurnRunning: boolean): Pick<ThreadLive, "programs"> {
    if (!isTurnRunning) this.#programs = [];
    return this.#programs.length === 0 ? {} : { programs: this.#programs };
  }

  /** Somebody has stopped the turn. */
  stop(): void {
    const stopped = this.#stop;
    this.#stop = Deferred.makeUnsafe<true>();
    Deferred.doneUnsafe(stopped, Effect.succeed(true));
  }

  /** True once the turn is stopped; false where it was not for a while. */
  awaitStop(): Promise<boolean> {
    const waiting = Effect.as(Effect.sleep(waitMsMax), false);
    return Effect.runPromise(Effect.race(Deferred.await(this.#stop), waiting));
  }
}
