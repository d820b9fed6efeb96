import type * as net from "node:net";

/** Carries bytes both ways until both ends are done. */
export const join = (left: net.Socket, right: net.Socket): void => {
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.setNoDelay(true);
    from.on("error", () => to.destroy());
    // After a proper end the other side still has bytes to flush; what it sends from then on goes nowhere.
    from.on("close", () => (from.readableEnded ? to.resume() : to.destroy()));
    from.pipe(to);
  }
};
