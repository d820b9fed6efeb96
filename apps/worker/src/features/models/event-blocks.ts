const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Where the last blank line before `end` ends; 0 where there is none. */
const endOfEvents = (bytes: Uint8Array): number => {
  for (let at = bytes.lastIndexOf(lineFeed); at > 0; at = bytes.lastIndexOf(lineFeed, at - 1)) {
    const before = bytes[at - 1] === carriageReturn ? at - 2 : at - 1;
    if (bytes[before] === lineFeed) return at + 1;
  }
  return 0;
};

const none = new Uint8Array();

/** Cuts server-sent events behind whole ones. Bytes that arrive as whole events leave as the same bytes. */
export class EventBlocks {
  #begun = none;

  /** Whole events; null where these bytes complete none. */
  take(bytes: Uint8Array): Uint8Array | null {
    let all = bytes;
    if (this.#begun.byteLength > 0) {
      all = new Uint8Array(this.#begun.byteLength + bytes.byteLength);
      all.set(this.#begun);
      all.set(bytes, this.#begun.byteLength);
    }
    const end = endOfEvents(all);
    this.#begun = end === all.byteLength ? none : all.slice(end);
    return end === 0 ? null : all.subarray(0, end);
  }

  /** What was begun and not completed. */
  rest(): Uint8Array {
    const rest = this.#begun;
    this.#begun = none;
    return rest;
  }
}
