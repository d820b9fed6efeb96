/**
 * Reads a body of at most that many bytes; null where it is longer. Counts what arrives, whatever `Content-Length`
 * says.
 */
export const readBytes = async (
  { headers, body }: Pick<Request | Response, "headers" | "body">,
  bytesMax: number,
): Promise<Uint8Array | null> => {
  if (Number(headers.get("content-length") ?? "0") > bytesMax) return null;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > bytesMax) return null;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
};
