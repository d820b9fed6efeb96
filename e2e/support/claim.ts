import { createServer, type Server } from "node:net";
import { runPort } from "./addresses.ts";

const advice = "E2E_FIRST_PORT=<port> gives this run ports and state folders of its own.";

/** Null where somebody listens there already. */
const listen = (port: number): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen(port, "127.0.0.1", () => resolve(server));
  });

/**
 * Claims the ports and state folders of this run until the answer is called or the process ends: the system takes a
 * port back from the dead, so no claim outlives its run.
 */
export const claimRun = async (): Promise<() => void> => {
  const claim = await listen(runPort);
  if (claim === null) throw new Error(`Another run of the browser tests holds port ${runPort}. ${advice}`);
  claim.unref();
  return () => claim.close();
};

/** Throws where one of the ports is taken: what is on the state folder then belongs to somebody who still runs. */
export const requireFreePorts = async (ports: readonly number[]): Promise<void> => {
  for (const port of ports) {
    const probe = await listen(port);
    if (probe === null) throw new Error(`Port ${port} is taken, so its state folder is not emptied. ${advice}`);
    await new Promise((resolve) => probe.close(resolve));
  }
};
