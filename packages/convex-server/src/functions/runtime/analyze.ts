import { pathToFileURL } from "node:url";
import { messageOf } from "../../faults.ts";
import type { AnalyzedFunction, CodeAnalysis, FunctionKind, LoadCode } from "./messages.ts";
import {
  type HttpRouterShape,
  isCrons,
  isHttpRouter,
  isRegisteredFunction,
  isSchemaDefinition,
  type RegisteredFunction,
} from "./shapes.ts";

/** The functions of a loaded folder, by "module:export", and its HTTP router. */
export interface LoadedCode {
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  readonly router: HttpRouterShape | null;
}

type ModuleExports = Record<string, unknown>;

const load = async (name: string, file: string): Promise<ModuleExports> => {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new Error(`Failed to load ${name}: ${messageOf(cause)}`, { cause });
  }
};

const kindOf = (registered: RegisteredFunction): FunctionKind =>
  registered.isQuery === true ? "query" : registered.isMutation === true ? "mutation" : "action";

const analyze = (path: string, registered: RegisteredFunction): AnalyzedFunction => {
  const args = JSON.parse(registered.exportArgs());
  if (args.type !== "object" && args.type !== "any") {
    throw new Error(`The args validator of ${path} must be an object or any.`);
  }
  return {
    path,
    kind: kindOf(registered),
    isPublic: registered.isPublic === true,
    args,
    returns: JSON.parse(registered.exportReturns()),
  };
};

const loadSchema = async (file: string | null): Promise<string | null> => {
  if (file === null) return null;
  const { default: schema } = await load("schema", file);
  if (!isSchemaDefinition(schema)) throw new Error("The default export of schema is not a schema (see defineSchema).");
  return schema.export();
};

const loadAuthConfig = async (file: string | null): Promise<CodeAnalysis["authConfig"]> => {
  if (file === null) return null;
  const { default: config } = await load("auth.config", file);
  return JSON.parse(JSON.stringify(config ?? null));
};

const cronsOf = (exported: unknown): CodeAnalysis["crons"] => {
  if (!isCrons(exported)) throw new Error("The default export of crons is not a set of cron jobs (see cronJobs).");
  return Object.entries(exported.crons).map(([name, { name: path, args, schedule }]) => ({
    name,
    path,
    args: args[0] ?? {},
    schedule,
  }));
};

/** Imports every module and reads what it registers. */
export const loadCode = async (command: LoadCode): Promise<{ code: LoadedCode; analysis: CodeAnalysis }> => {
  const functions = new Map<string, RegisteredFunction>();
  let router: HttpRouterShape | null = null;
  let crons: CodeAnalysis["crons"] = [];
  for (const { path, file } of command.modules) {
    const exports = await load(path, file);
    for (const [name, value] of Object.entries(exports)) {
      if (isRegisteredFunction(value)) functions.set(`${path}:${name}`, value);
    }
    if (path === "http") {
      if (!isHttpRouter(exports.default))
        throw new Error("The default export of http is not a router (see httpRouter).");
      router = exports.default;
    }
    if (path === "crons") crons = cronsOf(exports.default);
  }
  const analysis: CodeAnalysis = {
    functions: [...functions].map(([path, registered]) => analyze(path, registered)),
    httpRoutes: router?.getRoutes().map(([path, method]) => `${method} ${path}`) ?? [],
    crons,
    schema: await loadSchema(command.schemaFile),
    authConfig: await loadAuthConfig(command.authConfigFile),
  };
  return { code: { functions, router }, analysis };
};
