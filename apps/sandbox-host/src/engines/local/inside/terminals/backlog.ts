/** The newest part of a terminal's output. Positions count bytes from its beginning. */
export class Backlog {
  readonly #bytesMax: number;
  #pieces: Buffer[] = [];
  #start = 0;
  #end = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Where what is kept begins, and where it ends. */
  get start(): number {
    return this.#start;
  }
  get end(): number {
    return this.#end;
  }

  append(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#end += piece.length;
    while (this.#end - this.#start > this.#bytesMax) {
      const excess = this.#end - this.#start - this.#bytesMax;
      const [first] = this.#pieces;
      if (first === undefined) return;
      const dropped = Math.min(excess, first.length);
      if (dropped === first.length) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(dropped);
      this.#start += dropped;
    }
  }

  /** At most so many bytes from that position on, as they were appended: one piece or a part of it. */
  read(position: number, bytesMax: number): Buffer {
    let at = this.#start;
    for (const piece of this.#pieces) {
      if (position < at + piece.length) return piece.subarray(position - at, position - at + bytesMax);
      at += piece.length;
    }
    return Buffer.alloc(0);
  }
}
