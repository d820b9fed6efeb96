import type { SandboxName } from "@threadbox/contracts/ids";
import type { SavePoint } from "@threadbox/contracts/points";
import type { SavedSnapshot } from "@threadbox/contracts/sandbox";
import { HostError } from "../errors.ts";

const saveTimeoutMs = 10 * 60_000;

type Save = (name: SandboxName, point: SavePoint, signal: AbortSignal) => Promise<SavedSnapshot>;

interface Saving {
  readonly abort: AbortController;
  readonly running: Promise<SavedSnapshot>;
  /** What was asked for while it ran: it may have missed the newest files. */
  next?: Promise<SavedSnapshot>;
  /** What the last of those who asked said. */
  nextPoint?: SavePoint;
}

const removed = () => new HostError("SandboxInterrupted", "The sandbox was removed.");

const stopped = () => new HostError("SandboxInterrupted", "The sandbox host was stopped.");

/** One save of a sandbox at a time, and all that is asked for meanwhile is one more. */
export class Saves {
  readonly #save: Save;
  readonly #saving = new Map<SandboxName, Saving>();

  constructor(save: Save) {
    this.#save = save;
  }

  /** Settles with a save that began after the call. */
  save(name: SandboxName, point: SavePoint): Promise<SavedSnapshot> {
    const current = this.#saving.get(name);
    if (current === undefined) return this.#begin(name, point);
    current.nextPoint = point;
    const again = () =>
      current.abort.signal.aborted
        ? Promise.reject(current.abort.signal.reason)
        : this.save(name, current.nextPoint ?? point);
    current.next ??= current.running.then(again, again);
    return current.next;
  }

  /** Ends what is being saved of a sandbox that is to be removed. */
  async abandon(name: SandboxName): Promise<void> {
    await this.#end(this.#saving.get(name), removed());
  }

  /** Ends all that is being saved, because the host stops. */
  async abandonAll(): Promise<void> {
    await Promise.all([...this.#saving.values()].map((saving) => this.#end(saving, stopped())));
  }

  async #end(saving: Saving | undefined, reason: HostError): Promise<void> {
    saving?.abort.abort(reason);
    await saving?.running.catch(() => {});
  }

  #begin(name: SandboxName, point: SavePoint): Promise<SavedSnapshot> {
    const abort = new AbortController();
    const limit = AbortSignal.timeout(saveTimeoutMs);
    const running = this.#save(name, point, AbortSignal.any([abort.signal, limit]))
      .catch((error: unknown) => {
        throw limit.aborted ? new HostError("UpstreamTimeout", "Saving took too long.") : error;
      })
      .finally(() => this.#saving.delete(name));
    this.#saving.set(name, { abort, running });
    return running;
  }
}
