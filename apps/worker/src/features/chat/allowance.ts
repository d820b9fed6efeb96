import { type Bucket, fullBucket, type Rate, takeFrom } from "../../platform/bucket.ts";

/** Frames of one connection. A page sends a handful when it connects, then one for each thing its user does. */
const frameRate: Rate = { capacity: 60, perSecond: 10 };
/** Refusals that one connection is told of; after them it is closed. */
const refusalRate: Rate = { capacity: 20, perSecond: 1 / 3 };
/** Connections of one thread. After a restart of the worker all its tabs come back at once. */
const openRate: Rate = { capacity: 60, perSecond: 2 };
/** Most connections of one thread; above them the oldest goes. */
export const connectionsMax = 32;
/** Reading a frame costs what its length is: so many characters count as one frame more. */
const frameLengthPerToken = 1024 * 1024;

export type Verdict =
  | { readonly kind: "pass" }
  /** `refuse`: this once. `close`: the connection ends. */
  | { readonly kind: "refuse" | "close"; readonly waitMs: number };

const pass: Verdict = { kind: "pass" };

interface Buckets {
  readonly frames: Bucket;
  readonly refusals: Bucket;
}

export interface OpenConnection {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/**
 * Which of the older connections go when one more has come: those it takes the place of, because a page that connects
 * anew keeps its id, and the oldest where there are too many. So nobody is shut out by connections that are long dead.
 */
export const outlived = <C extends OpenConnection>(older: readonly C[], newest: OpenConnection) => {
  const replaced = older.filter(({ id }) => id === newest.id);
  const others = older.filter(({ id }) => id !== newest.id).toSorted((a, b) => a.since - b.since);
  return { replaced, surplus: others.slice(0, Math.max(0, others.length + 1 - connectionsMax)) };
};

/**
 * How often the clients of one thread may come and speak. Remembered while the object runs: one that slept begins anew,
 * and it sleeps only when nobody has spoken for a while.
 */
export class Allowance {
  #opens: Bucket | null = null;
  readonly #byConnection = new Map<string, Buckets>();

  /** A connection has come. */
  open(now: number): Verdict {
    const { bucket, waitMs } = takeFrom(this.#opens ?? fullBucket(openRate, now), now, openRate);
    this.#opens = bucket;
    return waitMs === 0 ? pass : { kind: "close", waitMs };
  }

  /** A frame has come. */
  hear(connectionId: string, length: number, now: number): Verdict {
    const known = this.#byConnection.get(connectionId);
    const { frames, refusals } = known ?? {
      frames: fullBucket(frameRate, now),
      refusals: fullBucket(refusalRate, now),
    };
    const frame = takeFrom(frames, now, frameRate, 1 + Math.floor(length / frameLengthPerToken));
    const refusal = frame.waitMs === 0 ? null : takeFrom(refusals, now, refusalRate);
    this.#byConnection.set(connectionId, { frames: frame.bucket, refusals: refusal?.bucket ?? refusals });
    if (refusal === null) return pass;
    return { kind: refusal.waitMs === 0 ? "refuse" : "close", waitMs: frame.waitMs };
  }

  /** A connection has gone. */
  forget(connectionId: string): void {
    this.#byConnection.delete(connectionId);
  }
}
