import { AnswerGuard } from "./answer-guard.ts";
import { AnswerLimitError, type LimitedReader } from "./limit-stream.ts";

/**
 * The pieces of a streamed answer as OpenCode may have them. `knownIds`: of the tool calls in the conversation so far.
 */
export const guardAnswer = (
  source: LimitedReader,
  key: string | null,
  knownIds: () => readonly string[],
): ReadableStream<Uint8Array> => {
  const guard = new AnswerGuard(key, knownIds);

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
