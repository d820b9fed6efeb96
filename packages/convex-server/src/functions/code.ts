import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { FilesAccess } from "../files/file-links.ts";
import { filesTable } from "../files/file-table.ts";
import { cronIndexes, cronsTable } from "../scheduler/cron-jobs.ts";
import { jobIndexes, jobsTable } from "../scheduler/jobs.ts";
import { buildIndexes } from "../storage/index-builds.ts";
import { applySchema, ensureSystemTable } from "../storage/migration.ts";
import { SchemaChecks } from "../storage/schema-checks.ts";
import type { Store } from "../storage/store.ts";
import { bundleFunctions } from "./bundle.ts";
import { type Deployment, loadDeployment, removeCode } from "./deployment.ts";
import type { Mutex } from "./mutex.ts";
import type { DatabaseAccess } from "./runtime/messages.ts";
import { bundleRuntime } from "./runtime-bundle.ts";

export interface CodeOptions {
  /** The functions folder. */
  readonly folder: string;
  /** Where bundled code is written; emptied at the start. */
  readonly outFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly store: Store;
  readonly database: DatabaseAccess;
  readonly files: FilesAccess;
  readonly writing: Mutex;
  /** Called at the start, before functions other than those of the last run bring the kept documents to their schema. */
  readonly beforeMigration: () => Promise<void>;
  readonly log: Logger;
}

interface Loaded {
  readonly deployment: Deployment;
  readonly directory: string;
  readonly sources: readonly string[];
}

/** The version of the functions folder that runs, and how it is replaced. */
export class Code {
  readonly #options: CodeOptions;
  readonly #runtimeFile: string;
  readonly #onReplaced: (() => void)[] = [];
  #loaded: Loaded;

  private constructor(options: CodeOptions, runtimeFile: string, loaded: Loaded) {
    this.#options = options;
    this.#runtimeFile = runtimeFile;
    this.#loaded = loaded;
  }

  /** Throws a fault when the folder does not load or the stored documents do not fit its schema. */
  static async open(options: CodeOptions): Promise<Code> {
    rmSync(options.outFolder, { recursive: true, force: true });
    const runtimeFile = await bundleRuntime(options.outFolder);
    const loaded = await load(options, runtimeFile);
    const { store } = options;
    const { digest } = loaded.deployment;
    if (store.codeDigest !== digest) {
      if (store.hasDocuments) await options.beforeMigration();
      store.noteCode(digest);
    }
    await stage(options, loaded.deployment, () => undefined);
    return new Code(options, runtimeFile, loaded);
  }

  get deployment(): Deployment {
    return this.#loaded.deployment;
  }

  /** Absolute paths of the files that the running code was made of. */
  get sources(): readonly string[] {
    return this.#loaded.sources;
  }

  /** Called in the turn in which new code takes over. */
  onReplaced(listener: () => void): void {
    this.#onReplaced.push(listener);
  }

  /** Loads the folder as it is now. When that fails, throws, and the running code goes on. */
  async reload(): Promise<"replaced" | "unchanged"> {
    const before = this.#loaded;
    const bundle = await bundleFunctions(this.#options.folder, this.#options.outFolder);
    if (bundle.digest === before.deployment.digest) return "unchanged";
    const next = await load(this.#options, this.#runtimeFile);
    await stage(this.#options, next.deployment, () => {
      this.#loaded = next;
      for (const listener of this.#onReplaced) listener();
    });
    void this.#retire(before);
    return "replaced";
  }

  async close(): Promise<void> {
    await this.deployment.close();
  }

  async #retire({ deployment, directory }: Loaded): Promise<void> {
    await deployment.whenIdle();
    await deployment.close();
    if (directory !== this.#loaded.directory) await removeCode(directory);
  }
}

const load = async (
  { folder, outFolder, env, store, database, files, log }: CodeOptions,
  runtimeFile: string,
): Promise<Loaded> => {
  const bundle = await bundleFunctions(folder, outFolder);
  const tables = () => Object.fromEntries([...store.catalog.tables()].map(({ name, number }) => [name, number]));
  const deployment = await loadDeployment({ runtimeFile, bundle, env, tables, database, files, log });
  return { deployment, directory: join(outFolder, bundle.digest), sources: bundle.sources };
};

/**
 * Fills new indexes and checks documents while the running code goes on; then migrates to the new schema and hands over, all in one transaction:
 * on a failure nothing has happened but that some indexes are begun.
 */
const stage = async ({ store, writing }: CodeOptions, deployment: Deployment, takeOver: () => void): Promise<void> => {
  let checks: SchemaChecks | null = null;
  try {
    await buildIndexes(store, deployment.schema, writing);
    checks = await SchemaChecks.of(store, deployment.schema);
    await writing.run(() => {
      store.begin();
      try {
        ensureSystemTable(store, jobsTable, jobIndexes);
        ensureSystemTable(store, cronsTable, cronIndexes);
        ensureSystemTable(store, filesTable, {});
        applySchema(store, deployment.schema, checks);
        store.commit([], store.latestTimestamp);
      } finally {
        if (store.isOpen) store.rollback();
      }
      deployment.updateTables();
      takeOver();
    });
  } catch (cause) {
    await deployment.close();
    throw cause;
  } finally {
    checks?.stop();
  }
};
