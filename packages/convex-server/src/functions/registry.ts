import { convexToJson, type JSONValue, jsonToConvex, type Value } from "convex/values";
import { Fault } from "../faults.ts";
import { requireFunctionValueLimits } from "../transaction/limits.ts";
import type { AnalyzedFunction, FunctionKind } from "./runtime/messages.ts";
import { explainMismatch, findMismatch, type TableOfId } from "./validator.ts";

export interface FunctionEntry extends AnalyzedFunction {
  readonly modulePath: string;
  readonly exportName: string;
}

/** "mod", "mod.js:fn" and "dir/mod:fn" in the one form that names a function: "dir/mod:fn". */
export const canonicalPath = (path: string): string => {
  const colon = path.lastIndexOf(":");
  const module = colon === -1 ? path : path.slice(0, colon);
  const name = colon === -1 ? "default" : path.slice(colon + 1);
  return `${module.replace(/\.js$/, "")}:${name}`;
};

/** The same as people write it: without the name of a default export. */
const shortPath = (path: string): string => canonicalPath(path).replace(/:default$/, "");

/** A client calls public functions alone; with the admin key also those that functions call. */
export type Caller = "client" | "admin" | "function";

/** The functions of the loaded code, by path. */
export class Registry {
  readonly #entries: ReadonlyMap<string, FunctionEntry>;

  constructor(functions: readonly AnalyzedFunction[]) {
    this.#entries = new Map(
      functions.map((analyzed) => {
        const [modulePath = "", exportName = ""] = analyzed.path.split(":");
        return [analyzed.path, { ...analyzed, modulePath, exportName }];
      }),
    );
  }

  get size(): number {
    return this.#entries.size;
  }

  all(): readonly FunctionEntry[] {
    return [...this.#entries.values()];
  }

  /** What a public function is; a path that names none is left to whoever runs it. */
  kindOf(path: string): FunctionKind {
    return this.#entries.get(canonicalPath(path))?.kind ?? "query";
  }

  /** Throws a fault when there is no such function, or when a client asks for an internal one. */
  find(path: string, caller: Caller, kind?: FunctionKind): FunctionEntry {
    const entry = this.#entries.get(canonicalPath(path));
    if (entry === undefined || (caller === "client" && !entry.isPublic)) {
      const what = caller === "client" ? "public function" : "function";
      throw new Fault(
        "NotFound",
        `Could not find ${what} for '${shortPath(path)}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
      );
    }
    if (kind !== undefined && entry.kind !== kind) {
      throw new Fault(
        "InvalidRequest",
        `Trying to execute ${entry.path} as ${kind}, but it is defined as ${entry.kind}.`,
      );
    }
    return entry;
  }
}

/** Throws a fault when the arguments do not fit the function's validator or a limit. */
export const requireArguments = (entry: FunctionEntry, args: JSONValue, tableOfId: TableOfId): void => {
  const value = decode(args, (problem) => new Fault("InvalidRequest", problem));
  requireFunctionValueLimits(`Arguments of ${entry.path}`, value);
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof ArrayBuffer) {
    throw new Fault("ArgumentValidation", `The arguments of ${entry.path} must be one object.`);
  }
  const mismatch = findMismatch(entry.args, value, tableOfId);
  if (mismatch !== null) {
    throw new Fault("ArgumentValidation", `ArgumentValidationError: ${explainMismatch(mismatch)}`);
  }
};

/** Throws a fault when a result does not fit the function's validator or a limit. */
export const requireResult = (entry: FunctionEntry, text: string, tableOfId: TableOfId): void => {
  const value = jsonToConvex(JSON.parse(text));
  requireFunctionValueLimits(`Results of ${entry.path}`, value);
  if (entry.returns === null) return;
  const mismatch = findMismatch(entry.returns, value, tableOfId);
  if (mismatch !== null) {
    throw new Fault("ReturnsValidation", `ReturnsValidationError: ${explainMismatch(mismatch)}`);
  }
};

const decode = (json: JSONValue, fault: (problem: string) => Fault): Value => {
  try {
    return jsonToConvex(json);
  } catch (cause) {
    throw fault(`Not a Convex value: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
};

/** The same arguments in one spelling, for use in keys. */
export const normalizedText = (json: JSONValue): string => JSON.stringify(convexToJson(jsonToConvex(json)));
