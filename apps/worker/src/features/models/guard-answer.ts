import { AnswerGuard } from "./answer-guard.ts";
import { AnswerLimitError, type LimitedReader } from "./limit-stream.ts";

/**
 * The pieces of a streamed answer as OpenCode may have them. A connection that breaks stays a broken one: OpenCode asks
 * again, a few times.
 */
export const guardAnswer = (source: LimitedReader, key: string | null): ReadableStream<Uint8Array> => {
  const guard = new AnswerGuard(key);

  const next = async (): Promise<Uint8Array | null> => {
    try {
      const piece = await source.read();
      return piece === null ? guard.end() : guard.take(piece);
    } catch (error) {
      if (error instanceof AnswerLimitError) return guard.fail(error.message);
      throw error;
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
