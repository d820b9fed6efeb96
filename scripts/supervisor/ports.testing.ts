import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

export const listen = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server: Server = createServer()
      .once("error", reject)
      .listen(port, host, () => resolve(server));
  });

export const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Below the range from which the system gives ports to outgoing connections, so that none of those takes it. */
export const freePort = async (): Promise<number> => {
  const port = randomInt(10_000, 32_000);
  const server = await listen(port, "127.0.0.1").catch(() => undefined);
  if (!server) return freePort();
  await close(server);
  return port;
};
