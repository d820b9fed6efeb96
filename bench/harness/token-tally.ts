import { TokenReader } from "./directive.ts";

/** What one prompt showed to whoever watched its answer arrive. */
export interface AnswerObservation {
  /** From the prompt until the first token was there. */
  readonly firstTokenMs: number;
  /** Where that time went besides the provider's own wait before it sends. */
  readonly spans: {
    /** From the prompt until the other side said that it has taken it. */
    readonly takenMs: number;
    /** From there until the provider was asked. */
    readonly askedMs: number;
    /** From the provider's first token until it was there. */
    readonly toldMs: number;
  };
  /** For each token, from its sending by the provider until it was there. */
  readonly tokenDelaysMs: readonly number[];
  readonly faults: {
    readonly lost: number;
    readonly duplicated: number;
    readonly reordered: number;
    /** Tokens that arrived in one frame with an earlier one. */
    readonly merged: number;
  };
}

/** Takes the pieces of one answer as they arrive and says at the end what was fast and what was wrong. */
export class TokenTally {
  readonly #reader = new TokenReader();
  readonly #promptedAtMs: number;
  readonly #waitMs: number;
  #takenAtMs: number | undefined;
  #firstSentAtMs: number | undefined;
  readonly #delaysMs: number[] = [];
  readonly #seen = new Set<number>();
  #firstAtMs: number | undefined;
  #last = -1;
  #duplicated = 0;
  #reordered = 0;
  #merged = 0;

  /** `waitMs`: how long the provider waits before its first token. */
  constructor(promptedAtMs: number, waitMs: number) {
    this.#promptedAtMs = promptedAtMs;
    this.#waitMs = waitMs;
  }

  /** The prompt was taken. */
  taken(atMs: number): void {
    this.#takenAtMs ??= atMs;
  }

  /** How many different tokens are there. */
  get size(): number {
    return this.#seen.size;
  }

  /** One frame's text, and when it arrived by the machine's monotonic clock. */
  take(text: string, arrivedAtMs: number): void {
    const tokens = this.#reader.read(text);
    this.#merged += Math.max(0, tokens.length - 1);
    for (const { index, sentAtMs } of tokens) {
      this.#firstAtMs ??= arrivedAtMs;
      this.#firstSentAtMs ??= sentAtMs;
      if (this.#seen.has(index)) this.#duplicated++;
      else if (index < this.#last) this.#reordered++;
      this.#seen.add(index);
      this.#last = Math.max(this.#last, index);
      this.#delaysMs.push(arrivedAtMs - sentAtMs);
    }
  }

  /** Judges the answer against the number of tokens that the provider sent. */
  observe(sent: number): AnswerObservation {
    const takenAtMs = this.#takenAtMs ?? Number.NaN;
    const firstSentAtMs = this.#firstSentAtMs ?? Number.NaN;
    const firstAtMs = this.#firstAtMs ?? Number.NaN;
    return {
      firstTokenMs: firstAtMs - this.#promptedAtMs,
      spans: {
        takenMs: takenAtMs - this.#promptedAtMs,
        askedMs: firstSentAtMs - this.#waitMs - takenAtMs,
        toldMs: firstAtMs - firstSentAtMs,
      },
      tokenDelaysMs: this.#delaysMs,
      faults: {
        lost: sent - this.#seen.size,
        duplicated: this.#duplicated,
        reordered: this.#reordered,
        merged: this.#merged,
      },
    };
  }
}
