/** The whole body, and how much of it has come so far. Rejects where it breaks off. */
export const receiveBytes = async (response: Response, onReceived: (bytes: number) => void): Promise<Blob> => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return new Blob([]);
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (value === undefined) continue;
    chunks.push(value);
    received += value.byteLength;
    onReceived(received);
  }
  return new Blob(chunks);
};
