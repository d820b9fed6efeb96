/** A server of the fixture's functions as a process of its own, whose parent sets its clock. */
import { pino } from "pino";
import { authEnv, fixtureFolder, testOrigin } from "../server.testing.ts";
import { type RunningServer, startServer } from "../server.ts";

interface Told {
  readonly offsetMs: number;
  /** With the first message. */
  readonly port: number;
  readonly stateFolder: string;
}

let offsetMs = 0;
let server: Promise<RunningServer> | null = null;

process.on("message", (told: Told) => {
  offsetMs = told.offsetMs;
  server ??= startServer({
    port: told.port,
    stateFolder: told.stateFolder,
    functionsFolder: fixtureFolder,
    appOrigin: testOrigin,
    functionEnv: authEnv,
    isDevelopment: false,
    transactionTimeoutMs: 60_000,
    log: pino({ level: "silent" }),
    now: () => Date.now() + offsetMs,
  });
  void server.then(({ url }) => process.send?.({ url }));
});
process.on("SIGTERM", () => void server?.then((running) => running.close()).then(() => process.exit(0)));
