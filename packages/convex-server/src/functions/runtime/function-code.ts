import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { type RunningFunction, repeatedModuleScope, running } from "./invocation.ts";
import type { LoadCode } from "./messages.ts";
import { seededRandom } from "./seeded-random.ts";
import { SourcePlaces } from "./source-places.ts";

export type ModuleExports = Readonly<Record<string, unknown>>;
type Modules = Readonly<Record<string, () => ModuleExports>>;
/** What a bundled script is: a function that fills its module. */
type Evaluate<Exports> = (module: { exports: Exports }, exports: object, library: object) => void;

const compile = <Exports>(file: string): Evaluate<Exports> =>
  new Script(readFileSync(file, "utf8"), { filename: file }).runInThisContext();

/** Modules that stand ready; each holds what its evaluation made. */
const readyMax = 16;

/**
 * The code of a functions folder in one thread: compiled once, and each module evaluated anew for every call, so that no call
 * finds what another left in a module. "use node" modules are loaded once, as on Convex.
 */
export class FunctionCode {
  readonly places: SourcePlaces;
  readonly #evaluate: Evaluate<Modules>;
  readonly #library: object;
  readonly #importing: RunningFunction;
  readonly #random: LoadCode["importSeed"];
  readonly #nodeModules: ReadonlyMap<string, ModuleExports>;
  readonly #ready = new Map<string, ModuleExports>();

  constructor({ script, importedAt, importSeed }: LoadCode, nodeModules: ReadonlyMap<string, ModuleExports>) {
    this.#evaluate = compile(script.file);
    const library = { exports: {} };
    compile<object>(script.libraryFile)(library, library.exports, {});
    this.#library = library.exports;
    this.#nodeModules = nodeModules;
    this.#random = importSeed;
    // This module lies in a bundled script itself.
    this.places = new SourcePlaces([script.file, script.libraryFile, import.meta.filename]);
    this.#importing = {
      id: repeatedModuleScope,
      snapshotTimestamp: "0",
      beganAt: importedAt,
      random: null,
      streams: new Map(),
      ask: async () => {
        throw new Error("The database and the other services can only be used while a function runs.");
      },
    };
  }

  /** What a module exports, as no other call has it. Throws what the module throws. */
  take(path: string): ModuleExports {
    const loaded = this.#nodeModules.get(path) ?? this.#ready.get(path);
    this.#ready.delete(path);
    return loaded ?? this.evaluator()(path);
  }

  /** Has a module ready for its next call. */
  prepare(path: string): void {
    if (this.#nodeModules.has(path) || this.#ready.has(path)) return;
    const [oldest] = this.#ready.keys();
    if (this.#ready.size >= readyMax && oldest !== undefined) this.#ready.delete(oldest);
    this.#ready.set(path, this.evaluator()(path));
  }

  /** Evaluates modules that share what they import, on behalf of `scope`. */
  evaluator(scope: number = repeatedModuleScope): (path: string) => ModuleExports {
    const importing = { ...this.#importing, id: scope, random: seededRandom(this.#random) };
    const module: { exports: Modules } = { exports: {} };
    this.#evaluate(module, module.exports, this.#library);
    return (path) =>
      running.run(importing, () => {
        const evaluate = module.exports[path];
        if (evaluate === undefined) throw new Error(`There is no module ${path} in the loaded code.`);
        return evaluate();
      });
  }
}
