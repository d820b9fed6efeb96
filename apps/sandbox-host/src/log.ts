import { type Logger, pino } from "pino";

/** JSON lines on standard output. Errors keep name, message and cause; anything that names a credential is dropped. */
export const createLog = (): Logger =>
  pino({
    base: { process: "sandbox-host" },
    redact: {
      paths: ["*.authorization", "*.headers", "*.openCodePassword", "*.environment", "*.token", "*.env"],
      remove: true,
    },
  });
