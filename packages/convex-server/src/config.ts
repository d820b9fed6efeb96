import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";

export interface Config {
  readonly port: number;
  readonly functionsFolder: string;
  readonly stateFolder: string;
  readonly appOrigin: string;
  readonly functionEnv: Readonly<Record<string, string>>;
  readonly isDevelopment: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const portDefault = 3210;
const functionsFolderDefault = resolve(import.meta.dirname, "../../../convex");
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** Reads the process's environment and flags. Throws one error that names every bad key. */
export const decodeConfig = (env: Environment, flags: readonly string[]): Config => {
  const problems: string[] = [];
  const require = (isGood: boolean, problem: string): void => {
    if (!isGood) problems.push(problem);
  };

  const port = env.CONVEX_PORT === undefined || env.CONVEX_PORT === "" ? portDefault : Number(env.CONVEX_PORT);
  require(Number.isInteger(port) && port > 0 && port < 65_536, "CONVEX_PORT must be a port number");

  const functionsFolder = resolve(env.CONVEX_DIR || functionsFolderDefault);
  require(isFolder(functionsFolder), `CONVEX_DIR must be a folder: ${functionsFolder}`);

  require(Boolean(env.CONVEX_STATE), "CONVEX_STATE must name the folder to keep data in");
  const appOrigin = env.APP_ORIGIN ?? "";
  require(isOrigin(appOrigin), "APP_ORIGIN must be an origin like http://threadbox.localhost:3000");

  const names = (env.CONVEX_FUNCTION_ENV ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  for (const name of names) require(variableName.test(name), `CONVEX_FUNCTION_ENV: "${name}" is no variable name`);
  const functionEnv = Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

  const unknownFlag = flags.find((flag) => flag !== "--watch");
  require(unknownFlag === undefined, `unknown flag ${unknownFlag}`);

  if (problems.length > 0) throw new Error(`Bad configuration: ${problems.join("; ")}.`);
  return {
    port,
    functionsFolder,
    stateFolder: resolve(env.CONVEX_STATE ?? ""),
    appOrigin,
    functionEnv,
    isDevelopment: flags.includes("--watch"),
  };
};
