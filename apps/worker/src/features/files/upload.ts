import { fileLimits } from "@threadbox/contracts/files";
import { RequestRefusedError } from "../../http/failure.ts";

export const tooLarge = () =>
  new RequestRefusedError({
    wireTag: "BodyTooLarge",
    message: `Files up to ${fileLimits.transferBytesMax / 1024 / 1024} MB can be sent here.`,
  });

/** The body of a request as it arrives, and whether it went past the bound, at which it breaks off. */
export interface Upload {
  readonly content: Uint8Array | ReadableStream<Uint8Array>;
  readonly isExcessive: () => boolean;
}

/** Null where the request itself declares too much. */
export const uploadOf = (request: Request, bytesMax: number = fileLimits.transferBytesMax): Upload | null => {
  if (Number(request.headers.get("content-length") ?? "0") > bytesMax) return null;
  if (request.body === null) return { content: new Uint8Array(), isExcessive: () => false };
  let bytes = 0;
  const content = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength;
        if (bytes <= bytesMax) controller.enqueue(chunk);
        else controller.error(new Error("too many bytes"));
      },
    }),
  );
  return { content, isExcessive: () => bytes > bytesMax };
};
