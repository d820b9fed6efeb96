import type { Rate } from "../../platform/bucket.ts";
import { byteRate, eventRate, heldMsMax, turnBytesMax } from "./bounds.ts";
import { OpenCodeExcessError } from "./errors.ts";

/** A vessel that leaks at its rate; what is above its capacity has to wait until it has leaked away. */
class Vessel {
  readonly #rate: Rate;
  #level = 0;
  #at = 0;
  constructor(rate: Rate) {
    this.#rate = rate;
  }
  /** Lets out what has leaked since. Answers whether that was everything. */
  leak(now: number): boolean {
    this.#level = Math.max(0, this.#level - ((now - this.#at) / 1000) * this.#rate.perSecond);
    this.#at = now;
    return this.#level === 0;
  }
  /** Answers the wait in milliseconds. */
  pour(amount: number): number {
    this.#level += amount;
    const above = this.#level - this.#rate.capacity;
    return above > 0 ? Math.ceil((above / this.#rate.perSecond) * 1000) : 0;
  }
}

/**
 * Measures what a turn's stream of events brings, also over several connections. What comes too fast waits: then nothing
 * is read, and the sandbox has to keep it.
 */
export class StreamMeter {
  readonly #events = new Vessel(eventRate);
  readonly #bytes = new Vessel(byteRate);
  #bytesRead = 0;
  /** Waits since the stream was last slow enough for everything to leak away. */
  #heldMs = 0;

  /** For how many milliseconds to read nothing after this. Throws OpenCodeExcessError. */
  take(events: number, bytes: number, now: number): number {
    this.#bytesRead += bytes;
    if (this.#bytesRead > turnBytesMax) throw new OpenCodeExcessError({ excess: "bytes" });
    const isCalm = [this.#events.leak(now), this.#bytes.leak(now)].every(Boolean);
    if (isCalm) this.#heldMs = 0;
    const waitMs = Math.max(this.#events.pour(events), this.#bytes.pour(bytes));
    this.#heldMs += waitMs;
    if (this.#heldMs > heldMsMax) throw new OpenCodeExcessError({ excess: "rate" });
    return waitMs;
  }
}
