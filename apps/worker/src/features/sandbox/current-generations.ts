import type { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Recent } from "../../platform/recent.ts";

/** For so long a generation counts as current after its thread's Durable Object has said so, in milliseconds. */
export const currentMsMax = 5_000;
const knownMax = 2_000;

interface Known {
  readonly generation: Generation;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Which generations were current a moment ago: a lease on the word of the thread's Durable Object, so that it is not
 * asked for every request of a sandbox. Only a yes is remembered; a generation that is not known has to be asked for.
 */
export class CurrentGenerations {
  readonly #known = new Recent<ThreadId, Known>(knownMax);

  has(threadId: ThreadId, generation: Generation, now: number): boolean {
    const known = this.#known.get(threadId);
    return known !== undefined && known.generation === generation && now < known.until;
  }

  /** `askedAt`: when the question was put, since the answer may be as old. */
  note(threadId: ThreadId, generation: Generation, askedAt: number): void {
    const known = this.#known.get(threadId);
    // An answer that was overtaken by the next start.
    if (known !== undefined && known.generation > generation) return;
    this.#known.set(threadId, { generation, until: askedAt + currentMsMax });
  }

  forget(threadId: ThreadId): void {
    this.#known.delete(threadId);
  }
}
