import { joinBytes } from "../platform/join-bytes.ts";

type Message = Pick<Request | Response, "headers" | "body" | "arrayBuffer">;

/** The length at which HTTP itself ends this body; null where it has no such end. */
const framedLength = (headers: Headers): number | null => {
  const declared = headers.get("content-length") ?? "";
  return /^\d+$/.test(declared) && !headers.has("transfer-encoding") ? Number(declared) : null;
};

/** A body of unknown length, counted as it arrives. */
const readCounted = async (body: ReadableStream<Uint8Array>, bytesMax: number): Promise<Uint8Array | null> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > bytesMax) return null;
    chunks.push(chunk);
  }
  return joinBytes(chunks);
};

/** Reads the body of a message from the network, at most that many bytes; null where it is longer. */
export const readBytes = async (message: Message, bytesMax: number): Promise<Uint8Array | null> => {
  const framed = framedLength(message.headers);
  if (framed !== null && framed > bytesMax) return null;
  if (message.body === null) return new Uint8Array();
  if (framed === null) return readCounted(message.body, bytesMax);
  const bytes = new Uint8Array(await message.arrayBuffer());
  return bytes.byteLength > bytesMax ? null : bytes;
};
