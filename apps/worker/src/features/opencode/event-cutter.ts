import { eventBytesMax } from "./bounds.ts";
import { OpenCodeExcessError } from "./errors.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

const joined = (pieces: readonly Uint8Array[], length: number): Uint8Array => {
  if (pieces.length === 1 && pieces[0] !== undefined) return pieces[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
};

/**
 * Cuts a stream of server-sent events behind its blank lines, so that whoever reads the events gets whole ones: an event
 * costs its length once, however small the pieces are in which it comes, and one without an end stops at the bound.
 */
export class EventCutter {
  readonly #decoder = new TextDecoder();
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** Whether only a line end has been seen since the last line ended. */
  #isLineBlank = true;

  /** The events that these bytes complete, each with its line ends. Throws OpenCodeExcessError. */
  take(bytes: Uint8Array): readonly string[] {
    const events: string[] = [];
    let start = 0;
    for (let at = 0; ; ) {
      const end = bytes.indexOf(lineFeed, at);
      if (end < 0) {
        this.#isLineBlank &&= this.#isBlank(bytes, at, bytes.byteLength);
        break;
      }
      const isBoundary = this.#isLineBlank && this.#isBlank(bytes, at, end);
      this.#isLineBlank = true;
      at = end + 1;
      if (!isBoundary) continue;
      this.#keep(bytes.subarray(start, at));
      events.push(this.#decoder.decode(joined(this.#pieces, this.#length)));
      this.#pieces = [];
      this.#length = 0;
      start = at;
    }
    if (start < bytes.byteLength) this.#keep(bytes.slice(start));
    return events;
  }

  #isBlank(bytes: Uint8Array, from: number, to: number): boolean {
    return to === from || (to === from + 1 && bytes[from] === carriageReturn);
  }

  #keep(bytes: Uint8Array): void {
    this.#length += bytes.byteLength;
    if (this.#length > eventBytesMax) throw new OpenCodeExcessError({ excess: "event" });
    this.#pieces.push(bytes);
  }
}
