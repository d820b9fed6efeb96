import { AnswerLimitError, type LimitedReader } from "./limit-stream.ts";

/** Reads a streamed answer in one provider's words. */
export interface StreamGuard {
  /** Nothing more of the answer is of use. */
  readonly isOver: boolean;
  /** What OpenCode is told of these bytes; null for nothing yet. */
  take(bytes: Uint8Array): Uint8Array | null;
  /** The same where the answer ends here, where its connection breaks here, and where it is ended in words of ours. */
  end(): Uint8Array | null;
  break(): Uint8Array | null;
  fail(words: string): Uint8Array | null;
}

/** The pieces of a streamed answer as its guard passes them on. */
export const guardStream = (source: LimitedReader, guard: StreamGuard): ReadableStream<Uint8Array> => {
  const next = async (): Promise<Uint8Array | null> => {
    try {
      const piece = await source.read();
      return piece === null ? guard.end() : guard.take(piece);
    } catch (error) {
      if (error instanceof AnswerLimitError) return guard.fail(error.message);
      return guard.break();
    }
  };

  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      let told: Uint8Array | null = null;
      while (told === null && !guard.isOver) told = await next();
      if (told !== null) controller.enqueue(told);
      if (!guard.isOver) return;
      controller.close();
      void source.leave().catch(() => {});
    },
    cancel: (reason) => source.leave(reason),
  });
};
