/** The identity process: AuthKit's endpoints for one machine. */
import { pino } from "pino";
import { readConfig } from "./config.ts";
import { startIdentity } from "./server.ts";

const log = pino({ name: "identity" });

try {
  const config = readConfig(process.env);
  const identity = await startIdentity(config, log);
  log.info({ event: "identity.started", issuer: identity.issuer });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      identity.close().then(
        () => log.info({ event: "identity.stopped" }),
        (error: Error) => log.error({ event: "identity.stopped", reason: error.message }),
      );
    });
} catch (error) {
  log.fatal({ event: "identity.refused", reason: error instanceof Error ? error.message : "unknown" });
  process.exitCode = 1;
}
