import { createServer, type Server } from "node:http";

/** Listens on a free loopback port and resolves to it. */
export const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("A server without a port."));
      else resolve(address.port);
    });
  });

/** Tells whoever started this process where it listens. */
export const tell = (port: number): void => {
  process.stdout.write(`${JSON.stringify({ port })}\n`);
};

/** Listens, and tells whoever started this process where. */
export const listenAndTell = async (server: Server): Promise<void> => tell(await listen(server));

/** Ports that were free a moment ago, all different. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const probes = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(probes.map(listen));
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
};
