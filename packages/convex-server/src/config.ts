import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  checkedText,
  decodeSettings,
  type Environment,
  optional,
  originSetting,
  portSetting,
  textSetting,
  withDefault,
} from "@threadbox/contracts/settings";
import * as Result from "effect/Result";

export interface Config {
  readonly port: number;
  readonly functionsFolder: string;
  readonly stateFolder: string;
  /** Where a backup of each day is kept; absent: none is taken. */
  readonly backupsFolder?: string;
  readonly appOrigin: string;
  readonly functionEnv: Readonly<Record<string, string>>;
  readonly isDevelopment: boolean;
  /** Opens everything to whoever shows it; absent: nobody is let in. */
  readonly adminKey?: string;
  /** What whoever collects the metrics shows; absent: nobody may. */
  readonly metricsToken?: string;
}

const functionsFolderDefault = resolve(import.meta.dirname, "../../../convex");

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

const namesIn = (text: string): readonly string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
const areVariables = (text: string): boolean => namesIn(text).every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));

const isSecret = (text: string): boolean => /^[\w~+/=.|-]{32,512}$/.test(text);

const settings = {
  CONVEX_PORT: withDefault(portSetting(), "3210"),
  CONVEX_DIR: withDefault(checkedText(isFolder, "a folder that is there", true), functionsFolderDefault),
  CONVEX_STATE: textSetting("the folder to keep data in"),
  CONVEX_BACKUPS: optional(textSetting("the folder to keep backups in"), "none are taken"),
  APP_ORIGIN: originSetting("http://threadbox.localhost:3000"),
  CONVEX_ADMIN_KEY: optional(checkedText(isSecret, "32 to 512 plain characters")),
  METRICS_TOKEN: optional(checkedText(isSecret, "32 to 512 plain characters")),
  CONVEX_FUNCTION_ENV: optional(checkedText(areVariables, "names of variables with commas between", true)),
};

/** Decodes the process's environment and flags. Throws one error that names every bad key. */
export const decodeConfig = (environment: Environment, flags: readonly string[]): Config => {
  const decoded = decodeSettings(settings, environment);
  const problems = Result.isFailure(decoded) ? decoded.failure.map(({ sentence }) => sentence) : [];
  const unknownFlag = flags.find((flag) => flag !== "--watch");
  if (unknownFlag !== undefined) problems.push(`unknown flag ${unknownFlag}`);
  if (Result.isFailure(decoded) || problems.length > 0) throw new Error(`Bad configuration: ${problems.join("; ")}.`);
  const { CONVEX_PORT, CONVEX_DIR, CONVEX_STATE, CONVEX_BACKUPS, APP_ORIGIN, CONVEX_FUNCTION_ENV } = decoded.success;
  const { CONVEX_ADMIN_KEY: adminKey, METRICS_TOKEN: metricsToken } = decoded.success;
  return {
    port: CONVEX_PORT,
    functionsFolder: resolve(CONVEX_DIR),
    stateFolder: resolve(CONVEX_STATE),
    ...(CONVEX_BACKUPS === undefined ? {} : { backupsFolder: resolve(CONVEX_BACKUPS) }),
    appOrigin: APP_ORIGIN,
    functionEnv: Object.fromEntries(
      namesIn(CONVEX_FUNCTION_ENV ?? "").flatMap((name): [string, string][] => {
        const value = environment[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    ...(adminKey === undefined ? {} : { adminKey }),
    ...(metricsToken === undefined ? {} : { metricsToken }),
    isDevelopment: flags.includes("--watch"),
  };
};
