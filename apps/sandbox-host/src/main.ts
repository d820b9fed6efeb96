import { ConfigError, decodeConfig } from "./config.ts";
import { startSandboxHost } from "./host.ts";
import { createLog } from "./log.ts";

const log = createLog();

try {
  const host = await startSandboxHost(decodeConfig(process.env), log);
  let isStopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      host.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.fatal({ event: "host.stop_failed", err: error }, "the sandbox host did not stop cleanly");
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ event: "host.start_failed", err: error }, "the sandbox host cannot start");
  process.exit(1);
}
