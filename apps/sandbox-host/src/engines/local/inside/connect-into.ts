import * as net from "node:net";
import type { Writable } from "node:stream";

/** One piece of what is carried, in bytes. */
const pieceBytes = 64 * 1024;
/** Two on their way and one to read into. */
const piecesMax = 3;

/**
 * Connects to there, and writes what comes from there into `into`, through a few pieces of memory that are used again and again: a
 * new one for each read is what a fast tunnel mostly costs. It reads no faster than `into` takes. `onPiece`: called at each read.
 * What is written to the socket, and either side's end, is the caller's.
 */
export const connectInto = (where: net.NetConnectOpts, into: Writable, onPiece: () => void = () => {}): net.Socket => {
  const free: Uint8Array[] = [];
  let made = 0;
  let isHeld = false;
  const room = () => free.length + piecesMax - made;
  const next = (): Uint8Array => {
    const known = free.pop();
    if (known !== undefined) return known;
    made += 1;
    return Buffer.allocUnsafeSlow(pieceBytes);
  };
  const socket = net.connect({
    ...where,
    onread: {
      buffer: next,
      callback: (count, piece) => {
        onPiece();
        into.write(piece.subarray(0, count), () => {
          free.push(piece);
          if (!isHeld) return;
          isHeld = false;
          socket.resume();
        });
        // One piece is read into next, and one more must be there by then.
        isHeld = room() < 2;
        return !isHeld;
      },
    },
  });
  return socket;
};
