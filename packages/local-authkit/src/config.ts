import {
  checkedText,
  decodeSettings,
  type Environment,
  originSetting,
  portSetting,
  textSetting,
  withDefault,
} from "@threadbox/contracts/settings";
import * as Result from "effect/Result";

/** What the process is told from outside. */
export interface Config {
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Folder of users, keys and sessions. */
  readonly stateFolder: string;
  /** The page's origin: the only one that codes, tokens and log-outs are sent to. */
  readonly appOrigin: string;
  readonly clientId: string;
}

export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable: ${problems.join("; ")}.`);
    this.problems = problems;
  }
}

const clientId = checkedText((text) => /^[A-Za-z0-9_-]{1,128}$/.test(text), "1 to 128 letters, digits, - and _", true);

const settings = {
  AUTH_PORT: withDefault(portSetting(0), "4100"),
  AUTH_STATE: textSetting("the folder of users, keys and sessions"),
  APP_ORIGIN: originSetting("http://threadbox.localhost:3000"),
  AUTH_CLIENT_ID: withDefault(clientId, "client_local"),
};

/** Decodes the environment; a `ConfigError` names every bad key at once. */
export const readConfig = (environment: Environment): Config => {
  const decoded = decodeSettings(settings, environment);
  if (Result.isFailure(decoded)) throw new ConfigError(decoded.failure.map(({ sentence }) => sentence));
  const { AUTH_PORT, AUTH_STATE, APP_ORIGIN, AUTH_CLIENT_ID } = decoded.success;
  return { port: AUTH_PORT, stateFolder: AUTH_STATE, appOrigin: APP_ORIGIN, clientId: AUTH_CLIENT_ID };
};
