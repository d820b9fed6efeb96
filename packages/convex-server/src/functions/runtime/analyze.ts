import { pathToFileURL } from "node:url";
import { messageOf } from "../../faults.ts";
import { FunctionCode, type ModuleExports } from "./function-code.ts";
import { moduleScope } from "./invocation.ts";
import type { AnalyzedFunction, CodeAnalysis, FunctionKind, LoadCode } from "./messages.ts";
import {
  isApp,
  isCrons,
  isHttpRouter,
  isRegisteredFunction,
  isSchemaDefinition,
  type RegisteredFunction,
} from "./shapes.ts";

type Load = () => ModuleExports | Promise<ModuleExports>;

const loadingOf = async (name: string, load: Load, onModule: (path: string) => void): Promise<ModuleExports> => {
  onModule(name);
  try {
    return await load();
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

const schemaOf = ({ default: schema }: ModuleExports): string => {
  if (!isSchemaDefinition(schema)) throw new Error("The default export of schema is not a schema (see defineSchema).");
  return schema.export();
};

const requireNoComponents = ({ default: app }: ModuleExports): void => {
  if (!isApp(app)) throw new Error("The default export of convex.config is not an app (see defineApp).");
  const names = app._childComponents.map(([name]) => name);
  if (names.length === 0) return;
  throw new Error(
    `convex.config uses components (${names.join(", ")}), which the embedded server doesn't run. Leave them out, or run this app on Convex.`,
  );
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

interface Declared {
  readonly functions: Map<string, RegisteredFunction>;
  httpRoutes: readonly string[];
  crons: CodeAnalysis["crons"];
}

const declare = (declared: Declared, path: string, exports: ModuleExports): void => {
  for (const [name, value] of Object.entries(exports)) {
    if (isRegisteredFunction(value)) declared.functions.set(`${path}:${name}`, value);
  }
  if (path === "crons") declared.crons = cronsOf(exports.default);
  if (path !== "http") return;
  if (!isHttpRouter(exports.default)) throw new Error("The default export of http is not a router (see httpRouter).");
  declared.httpRoutes = exports.default.getRoutes().map(([route, method]) => `${method} ${route}`);
};

/** Loads every module and reads what it registers; `onModule` is told of each before. */
export const loadCode = async (
  command: LoadCode,
  onModule: (path: string) => void,
): Promise<{ code: FunctionCode; analysis: CodeAnalysis }> => {
  const { script } = command;
  const nodeModules = new Map<string, ModuleExports>();
  const code = new FunctionCode(command, nodeModules);
  const evaluate = code.evaluator(moduleScope);
  const declared: Declared = { functions: new Map(), httpRoutes: [], crons: [] };
  for (const path of script.modules) declare(declared, path, await loadingOf(path, () => evaluate(path), onModule));
  for (const { path, file } of command.nodeModules) {
    const exports = await loadingOf(path, () => import(pathToFileURL(file).href), onModule);
    nodeModules.set(path, exports);
    declare(declared, path, exports);
  }
  const declaredBy = (path: string | null): Promise<ModuleExports | null> =>
    path === null ? Promise.resolve(null) : loadingOf(path, () => evaluate(path), onModule);
  const app = await declaredBy(script.appConfig);
  if (app !== null) requireNoComponents(app);
  const schema = await declaredBy(script.schema);
  const providers = await declaredBy(script.authConfig);
  const analysis: CodeAnalysis = {
    functions: [...declared.functions].map(([path, registered]) => analyze(path, registered)),
    httpRoutes: declared.httpRoutes,
    crons: declared.crons,
    schema: schema === null ? null : schemaOf(schema),
    authConfig: JSON.parse(JSON.stringify(providers?.default ?? null)),
  };
  return { code, analysis };
};
