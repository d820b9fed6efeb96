import { Effect, type Fiber } from "effect";
import { joinBytes } from "../../platform/join-bytes.ts";

export interface StreamLimits {
  readonly bytesMax: number;
  /** Longest silence between two pieces, in milliseconds; one is noticed after a quarter more at the latest. */
  readonly idleMsMax: number;
}

/** The answer was cut here, not lost on the way. */
export class AnswerLimitError extends Error {}

/** Looks at a silence: one watch for a whole stream, because a timer for every piece costs more than the piece. */
const looksPerSilence = 4;

/** A body that is read piece by piece; lets go of its source when it goes past a limit, and when its reader leaves. */
export class LimitedReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #limits: StreamLimits;
  readonly #release: () => void;
  readonly #watch: Fiber.Fiber<void>;
  #bytes = 0;
  #isWaiting = false;
  #quietLooks = 0;
  #isSilent = false;

  constructor(source: ReadableStream<Uint8Array>, limits: StreamLimits, release: () => void) {
    this.#reader = source.getReader();
    this.#limits = limits;
    this.#release = release;
    this.#watch = Effect.runFork(this.#look());
  }

  #look(): Effect.Effect<void> {
    return Effect.sleep(this.#limits.idleMsMax / looksPerSilence).pipe(
      Effect.andThen(
        Effect.suspend(() => {
          this.#quietLooks = this.#isWaiting ? this.#quietLooks + 1 : 0;
          if (this.#quietLooks <= looksPerSilence) return this.#look();
          this.#isSilent = true;
          // Ends the read that waits.
          return Effect.promise(() => this.#reader.cancel().catch(() => {}));
        }),
      ),
    );
  }

  /** The next piece; null at the end. Rejects with AnswerLimitError past a limit, otherwise where the source breaks off. */
  async read(): Promise<Uint8Array | null> {
    this.#isWaiting = true;
    const piece = await this.#next();
    this.#isWaiting = false;
    this.#quietLooks = 0;
    if (this.#isSilent) throw this.#end(new AnswerLimitError("The model went quiet partway through its answer."));
    if (piece === null) throw this.#end(new Error("The model stopped partway through its answer."));
    if (piece.done) {
      this.#unwatch();
      return null;
    }
    this.#bytes += piece.value.byteLength;
    if (this.#bytes > this.#limits.bytesMax) throw this.#end(new AnswerLimitError("The model's answer is too long."));
    return piece.value;
  }

  /** Everything that is left, as `read` would give it. */
  async readAll(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let piece = await this.read(); piece !== null; piece = await this.read()) pieces.push(piece);
    return joinBytes(pieces);
  }

  /** Nobody reads on. */
  async leave(reason?: unknown): Promise<void> {
    this.#unwatch();
    this.#release();
    await this.#reader.cancel(reason);
  }

  /** Null where the source breaks off. */
  async #next(): Promise<ReadableStreamReadResult<Uint8Array> | null> {
    try {
      return await this.#reader.read();
    } catch {
      return null;
    }
  }

  #end(error: Error): Error {
    this.#unwatch();
    this.#release();
    return error;
  }

  #unwatch(): void {
    this.#watch.interruptUnsafe();
  }
}

/** Hands every piece of a body on as it comes. Ends with an error past the limits. */
export const limitStream = (
  source: ReadableStream<Uint8Array>,
  limits: StreamLimits,
  release: () => void,
): ReadableStream<Uint8Array> => {
  const reader = new LimitedReader(source, limits, release);
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const piece = await reader.read();
      if (piece === null) controller.close();
      else controller.enqueue(piece);
    },
    cancel: (reason) => reader.leave(reason),
  });
};
