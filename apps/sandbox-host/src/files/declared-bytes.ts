import type * as fs from "node:fs/promises";

const chunkBytes = 64 * 1024;

/** A file was shorter when it was read than when its length was declared. */
export class FileShrunkError extends Error {
  constructor() {
    super("A file became shorter while it was sent.");
    this.name = "FileShrunkError";
  }
}

/**
 * The first `sizeBytes` bytes of a file: never more, whatever is appended meanwhile. Errors with `FileShrunkError` where
 * there are fewer, so that what was declared is cut off and not filled up. Closes the file at the end, however it comes.
 */
export const declaredBytes = (file: fs.FileHandle, sizeBytes: number): ReadableStream<Uint8Array> => {
  let position = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const wanted = Math.min(chunkBytes, sizeBytes - position);
          if (wanted > 0) {
            const { bytesRead, buffer } = await file.read(new Uint8Array(wanted), 0, wanted, position);
            if (bytesRead === 0) throw new FileShrunkError();
            position += bytesRead;
            controller.enqueue(buffer.subarray(0, bytesRead));
          }
          if (position < sizeBytes) return;
          await file.close();
          controller.close();
        } catch (error) {
          controller.error(error);
          await file.close().catch(() => {});
        }
      },
      cancel: () => file.close(),
    },
    // Nothing is read ahead of who takes it.
    { highWaterMark: 0 },
  );
};
