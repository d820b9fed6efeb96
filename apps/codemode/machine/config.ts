import { join } from "node:path";
import { decodeSettings, type Environment, portSetting, setting, withDefault } from "@threadbox/contracts/settings";
import { Redacted, Result, Schema } from "effect";

const settings = {
  CODEMODE_PORT: withDefault(portSetting(), "4300"),
  CODEMODE_WATCHDOG_PORT: withDefault(portSetting(), "4301"),
  CODEMODE_KEY: setting(
    Schema.String.check(Schema.isMinLength(32)),
    "a secret of at least 32 characters, the same as the worker's",
  ),
};

export interface Config {
  /** The built machine. */
  readonly script: string;
  readonly port: number;
  /** Where the worker says that a run was stopped. */
  readonly watchdogPort: number;
  readonly key: Redacted.Redacted<string>;
}

/** Decodes the environment of the process. Throws an error that names every bad key, and never a secret. */
export const decodeConfig = (environment: Environment): Config => {
  const decoded = decodeSettings(settings, environment);
  if (Result.isFailure(decoded))
    throw new Error(
      ["The machine for programs cannot start:", ...decoded.failure.map(({ sentence }) => `  ${sentence}`)].join("\n"),
    );
  const script = join(import.meta.dirname, "../dist/index.js");
  const { CODEMODE_PORT: port, CODEMODE_WATCHDOG_PORT: watchdogPort, CODEMODE_KEY: key } = decoded.success;
  return { script, port, watchdogPort, key: Redacted.make(key) };
};
