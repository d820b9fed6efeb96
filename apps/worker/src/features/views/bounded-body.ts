/** Most bytes of one answer of a sandbox's, and of one request to it. */
export const answerBytesMax = 1024 * 1024 * 1024;
export const requestBytesMax = 64 * 1024 * 1024;

/** How many bytes an answer says it has; null where it doesn't, or where they are not the ones that are passed on. */
export const plainLength = (headers: Headers): number | null => {
  const length = headers.get("content-length") ?? "";
  return /^\d{1,15}$/.test(length) && !headers.has("content-encoding") ? Number(length) : null;
};

/**
 * The same bytes, of which there are as many as was said: the runtime carries them itself, at a tenth of what it costs to look
 * at each piece. More or fewer break the stream off. `ended` is called once nothing more comes.
 */
export const ofLength = (
  body: ReadableStream<Uint8Array>,
  length: number,
  ended: () => void,
): ReadableStream<Uint8Array> => {
  const { readable, writable } = new FixedLengthStream(length);
  body.pipeTo(writable).then(ended, ended);
  return readable;
};

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
