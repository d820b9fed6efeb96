import { Effect } from "effect";

export interface StreamLimits {
  readonly bytesMax: number;
  /** Longest silence between two pieces, in milliseconds. */
  readonly idleMsMax: number;
}

/** The answer was cut here, not lost on the way. */
export class AnswerLimitError extends Error {}

/**
 * Hands every piece of a body on as it comes. Ends with an error past the limits, and lets go of the source then and
 * when the reader leaves.
 */
export const limitStream = (
  source: ReadableStream<Uint8Array>,
  limits: StreamLimits,
  release: () => void,
): ReadableStream<Uint8Array> => {
  const reader = source.getReader();
  let bytes = 0;
  const read = Effect.tryPromise({
    try: () => reader.read(),
    catch: () => new Error("The model stopped partway through its answer."),
  }).pipe(
    Effect.timeoutOrElse({
      duration: limits.idleMsMax,
      orElse: () => Effect.fail(new AnswerLimitError("The model went quiet partway through its answer.")),
    }),
    Effect.filterOrFail(
      ({ value }) => bytes + (value?.byteLength ?? 0) <= limits.bytesMax,
      () => new AnswerLimitError("The model's answer is too long."),
    ),
    Effect.result,
  );
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const piece = await Effect.runPromise(read);
      if (piece._tag === "Failure") {
        controller.error(piece.failure);
        release();
        return;
      }
      const { value, done } = piece.success;
      if (done) return controller.close();
      bytes += value.byteLength;
      controller.enqueue(value);
    },
    cancel: async (reason) => {
      release();
      await reader.cancel(reason);
    },
  });
};
