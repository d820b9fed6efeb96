import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import { Codes } from "./codes.ts";
import type { Config } from "./config.ts";
import { openKeys } from "./keys.ts";
import { Sessions } from "./sessions.ts";
import { Users } from "./users.ts";

export interface RunningIdentity {
  readonly issuer: string;
  readonly close: () => Promise<void>;
}

/** Opens the state and listens on 127.0.0.1. Rejects where the state is damaged or the port taken. */
export const startIdentity = async (
  config: Config,
  log: Logger,
  now: () => number = Date.now,
): Promise<RunningIdentity> => {
  const { stateFolder } = config;
  const keys = await openKeys(stateFolder);
  const users = new Users(stateFolder, now());
  const sessions = new Sessions(stateFolder);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  // From now on an error is a connection that could not be taken, and no reason to end.
  server.on("error", (error) => log.error({ event: "connection.not_taken", reason: error.message }));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : config.port;
  const issuer = `http://localhost:${port}`;
  const app = createApp({ config, issuer, keys, users, sessions, codes: new Codes(), now }, log);
  server.on("request", getRequestListener(app.fetch));
  return {
    issuer,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
};
