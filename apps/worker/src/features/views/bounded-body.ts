/** Most bytes of one answer of a sandbox's, and of one request to it. */
export const answerBytesMax = 1024 * 1024 * 1024;
export const requestBytesMax = 64 * 1024 * 1024;

/** The same bytes until there are too many; then the stream breaks off. `ended` is called once nothing more comes. */
export const bounded = (
  body: ReadableStream<Uint8Array>,
  bytesMax: number,
  ended: () => void = () => undefined,
): ReadableStream<Uint8Array> => {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength;
        if (bytes <= bytesMax) return controller.enqueue(chunk);
        ended();
        controller.error(new Error("too many bytes"));
      },
      flush: ended,
    }),
  );
};
