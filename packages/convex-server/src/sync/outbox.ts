/** The sending half of one WebSocket. */
export interface OutboxCarrier {
  /** Bytes that wait for the network. */
  readonly bufferedAmount: number;
  /** `onTaken` is called when the network has taken them. */
  send(text: string, onTaken: () => void): void;
}

interface Parcel {
  readonly parts: Iterator<string>;
  readonly size: number;
}

/** What is handed to the carrier before it has been taken; the rest is kept here, in fewer copies. */
const handedOutMax = 1 << 20;

/**
 * What one client is to be sent, in order, as fast as it reads. Texts in parts are cut when their turn has come, and
 * nothing comes between two of their parts.
 */
export class Outbox {
  readonly #carrier: OutboxCarrier;
  readonly #parcels: Parcel[] = [];
  readonly #onEmpty: (() => void)[] = [];
  #size = 0;
  #lastTakenAt = performance.now();
  #isClosed = false;

  constructor(carrier: OutboxCarrier) {
    this.#carrier = carrier;
  }

  /** Characters that wait for the client to read. */
  get size(): number {
    return this.#size;
  }

  /** Milliseconds for which the client has read nothing of what waits for it. */
  get stalledMs(): number {
    return this.#parcels.length === 0 ? 0 : performance.now() - this.#lastTakenAt;
  }

  /** `size` is that of all parts in characters. */
  push(parts: Iterable<string>, size: number): void {
    if (this.#isClosed) return;
    if (this.#parcels.length === 0) this.#lastTakenAt = performance.now();
    this.#parcels.push({ parts: parts[Symbol.iterator](), size });
    this.#size += size;
    this.#send();
  }

  /** Resolves when nothing waits here, or never will. */
  whenEmpty(): Promise<void> {
    if (this.#parcels.length === 0 || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }

  /** Drops what waits. */
  close(): void {
    this.#isClosed = true;
    this.#parcels.length = 0;
    this.#size = 0;
    for (const resolve of this.#onEmpty.splice(0)) resolve();
  }

  #send(): void {
    while (this.#carrier.bufferedAmount < handedOutMax) {
      const [parcel] = this.#parcels;
      if (parcel === undefined) break;
      const { value, done } = parcel.parts.next();
      if (done === true) {
        this.#parcels.shift();
        this.#size -= parcel.size;
      } else {
        this.#carrier.send(value, () => this.#taken());
      }
    }
    if (this.#parcels.length === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
  }

  #taken(): void {
    this.#lastTakenAt = performance.now();
    if (this.#parcels.length > 0) this.#send();
  }
}
