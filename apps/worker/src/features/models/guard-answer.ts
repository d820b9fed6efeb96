import { AnswerGuard } from "./answer-guard.ts";
import { AnswerLimitError } from "./limit-stream.ts";

/**
 * The pieces of a streamed answer as OpenCode may have them. A connection that breaks stays a broken one: OpenCode asks
 * again, a few times.
 */
export const guardAnswer = (
  source: ReadableStream<Uint8Array>,
  key: string | null,
  release: () => void,
): ReadableStream<Uint8Array> => {
  const reader = source.getReader();
  const guard = new AnswerGuard(key);
  const encoder = new TextEncoder();

  const next = async (): Promise<string> => {
    try {
      const { value, done } = await reader.read();
      return done ? guard.end() : guard.take(value);
    } catch (error) {
      if (error instanceof AnswerLimitError) return guard.fail(error.message);
      throw error;
    }
  };

  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      let told = "";
      while (told === "" && !guard.isOver) told = await next();
      if (told !== "") controller.enqueue(encoder.encode(told));
      if (!guard.isOver) return;
      controller.close();
      release();
    },
    cancel: (reason) => reader.cancel(reason),
  });
};
