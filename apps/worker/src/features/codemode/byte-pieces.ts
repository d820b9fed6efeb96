const pieceBytesMax = 1024 * 1024;

/** A row of SQLite may have two megabytes, a file more: its bytes in pieces, in their order. */
export const piecesOf = (bytes: Uint8Array): readonly ArrayBuffer[] =>
  Array.from(
    { length: Math.ceil(bytes.byteLength / pieceBytesMax) },
    (_, piece) => new Uint8Array(bytes.subarray(piece * pieceBytesMax, (piece + 1) * pieceBytesMax)).buffer,
  );

/** The same together again, as rows hold them. */
export const joinPieces = (rows: readonly unknown[]): Uint8Array => {
  const pieces = rows.map((bytes) => (bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array()));
  const whole = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
};
