import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { createServer } from "node:net";

/** Another process works on the same state folder. */
export class StateInUseError extends Error {
  constructor(state: string) {
    super(`Another sandbox host is running on the state folder ${state}.`);
    this.name = "StateInUseError";
  }
}

/**
 * Takes the state folder for this process: a second host would take the first one's sandboxes for leftovers and kill
 * them. The lock is a name in Linux's abstract socket space, which the kernel frees with the process however it ends.
 * Returns the release.
 */
export const lockState = async (state: string): Promise<() => Promise<void>> => {
  const digest = createHash("sha256")
    .update(await fs.realpath(state))
    .digest("hex")
    .slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new StateInUseError(state) : error),
    );
    server.listen(`\0threadbox-sandbox-host-${digest}`, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
};
