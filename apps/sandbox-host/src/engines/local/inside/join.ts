import type * as net from "node:net";

/** Ends one side with the other. */
const end = (from: net.Socket, to: net.Socket): void => {
  from.setNoDelay(true);
  from.on("error", () => to.destroy());
  // After a proper end the other side still has bytes to flush; what it sends from then on goes nowhere.
  from.on("close", () => (from.readableEnded ? to.resume() : to.destroy()));
};

/** Carries bytes both ways until both ends are done. */
export const join = (left: net.Socket, right: net.Socket): void => {
  end(left, right);
  end(right, left);
  left.pipe(right);
  right.pipe(left);
};

/** The same of a side that is written into the other already. */
export const joinBack = (left: net.Socket, into: net.Socket): void => {
  end(left, into);
  end(into, left);
  left.pipe(into);
  into.once("end", () => left.end());
};
