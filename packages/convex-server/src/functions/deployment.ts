import { rm } from "node:fs/promises";
import { totalmem } from "node:os";
import type { Logger } from "pino";
import { AuthVerifier } from "../auth/verifier.ts";
import type { FilesAccess } from "../files/file-links.ts";
import { requireCrons } from "../scheduler/cron-jobs.ts";
import type { CronJob } from "../scheduler/cron-schedule.ts";
import { noSchema, parseSchema, type Schema } from "../storage/schema.ts";
import { ActionThreads } from "./action-threads.ts";
import type { Bundle } from "./bundle.ts";
import { QueryThreads } from "./query-threads.ts";
import { Registry } from "./registry.ts";
import type { DatabaseAccess, LoadCode } from "./runtime/messages.ts";
import { seedOf } from "./runtime/seeded-random.ts";
import { WorkerHost } from "./worker-host.ts";

/** One loaded version of the functions folder, with the threads that run it. */
export interface Deployment {
  readonly digest: string;
  readonly registry: Registry;
  readonly schema: Schema;
  readonly auth: AuthVerifier;
  /** "GET /path" or "GET /prefix/*". */
  readonly httpRoutes: readonly string[];
  readonly crons: readonly CronJob[];
  /** One thread, for there is one writer. */
  readonly mutations: WorkerHost;
  readonly queries: QueryThreads;
  readonly actions: ActionThreads;
  /** Resolves when none of its functions runs. */
  whenIdle(): Promise<void>;
  updateTables(): void;
  close(): Promise<void>;
}

export interface LoadOptions {
  /** The script that the threads run, absolute. */
  readonly runtimeFile: string;
  readonly bundle: Bundle;
  readonly env: Readonly<Record<string, string>>;
  readonly tables: () => Readonly<Record<string, number>>;
  readonly database: DatabaseAccess;
  readonly files: FilesAccess;
  readonly log: Logger;
}

const mebibyte = 1 << 20;

/** What one thread's functions may keep: a small part of the machine's memory, since several may do so at once. */
const heapMegabytesMax = Math.min(Math.max(Math.floor(totalmem() / mebibyte / 16), 128), 512);

/** Starts the workers and reads what the code declares. Throws a fault, with nothing left running, when it cannot. */
export const loadDeployment = async ({
  runtimeFile,
  bundle,
  env,
  tables,
  database,
  files,
  log,
}: LoadOptions): Promise<Deployment> => {
  const isolate: LoadCode = {
    type: "load",
    script: bundle.script,
    nodeModules: [],
    importedAt: Date.now(),
    importSeed: seedOf(bundle.digest),
  };
  const withNode: LoadCode = { ...isolate, nodeModules: bundle.nodeModules };
  const shared = { runtimeFile, env, tables, files, heapMegabytesMax, log };
  const mutations = new WorkerHost({ ...shared, purpose: "mutations", load: isolate });
  const queries = new QueryThreads({ ...shared, load: isolate, database });
  const actions = new ActionThreads({ ...shared, load: withNode });
  const close = async (): Promise<void> => {
    await Promise.all([mutations.close(), queries.close(), actions.close()]);
  };
  try {
    const [declared, all] = await Promise.all([mutations.start(), actions.start(), queries.start()]);
    const schema = declared.schema === null ? noSchema : parseSchema(declared.schema);
    const registry = new Registry(all.functions);
    requireCrons(declared.crons, registry);
    return {
      digest: bundle.digest,
      registry,
      crons: declared.crons,
      schema,
      auth: new AuthVerifier(declared.authConfig),
      httpRoutes: all.httpRoutes,
      mutations,
      queries,
      actions,
      async whenIdle() {
        await Promise.all([mutations.whenIdle(), queries.whenIdle(), actions.whenIdle()]);
      },
      updateTables() {
        mutations.updateTables();
        queries.updateTables();
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
