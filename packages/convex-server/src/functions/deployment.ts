import { rm } from "node:fs/promises";
import type { Logger } from "pino";
import { AuthVerifier } from "../auth/verifier.ts";
import { noSchema, parseSchema, type Schema } from "../storage/schema.ts";
import type { Bundle } from "./bundle.ts";
import { Registry } from "./registry.ts";
import type { LoadCode } from "./runtime/messages.ts";
import { WorkerHost } from "./worker-host.ts";

/** One loaded version of the functions folder, with the threads that run it. */
export interface Deployment {
  readonly digest: string;
  readonly registry: Registry;
  readonly schema: Schema;
  readonly auth: AuthVerifier;
  readonly hasHttpRoutes: boolean;
  /** Names of declared things that this server does not do, for the log. */
  readonly ignored: readonly string[];
  readonly transactions: WorkerHost;
  readonly actions: WorkerHost;
  updateTables(): void;
  close(): Promise<void>;
}

export interface LoadOptions {
  readonly bundle: Bundle;
  readonly env: Readonly<Record<string, string>>;
  readonly tables: () => Readonly<Record<string, number>>;
  readonly log: Logger;
}

const ignoredParts = (bundle: Bundle, schema: Schema): string[] => [
  ...(bundle.modules.some(({ path }) => path === "crons") ? ["crons"] : []),
  ...[...schema.tables].flatMap(([table, spec]) => spec.unsupportedIndexes.map((index) => `index ${table}.${index}`)),
];

/** Starts the workers and reads what the code declares. Throws a fault, with nothing left running, when it cannot. */
export const loadDeployment = async ({ bundle, env, tables, log }: LoadOptions): Promise<Deployment> => {
  const command: LoadCode = {
    type: "load",
    modules: bundle.modules,
    schemaFile: bundle.schemaFile,
    authConfigFile: bundle.authConfigFile,
  };
  const withNode: LoadCode = {
    ...command,
    modules: [...bundle.modules, ...bundle.nodeModules],
    schemaFile: null,
    authConfigFile: null,
  };
  const transactions = new WorkerHost({ purpose: "transactions", load: command, env, tables, log });
  const actions = new WorkerHost({ purpose: "actions", load: withNode, env, tables, log });
  const close = async (): Promise<void> => {
    await Promise.all([transactions.close(), actions.close()]);
  };
  try {
    const [isolate, all] = await Promise.all([transactions.start(), actions.start()]);
    const schema = isolate.schema === null ? noSchema : parseSchema(isolate.schema);
    return {
      digest: bundle.digest,
      registry: new Registry(all.functions),
      schema,
      auth: new AuthVerifier(isolate.authConfig),
      hasHttpRoutes: all.httpRoutes.length > 0,
      ignored: ignoredParts(bundle, schema),
      transactions,
      actions,
      updateTables() {
        transactions.updateTables();
        actions.updateTables();
      },
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
};

/** Removes the bundled code of versions that no longer run. */
export const removeCode = (directory: string): Promise<void> => rm(directory, { recursive: true, force: true });
