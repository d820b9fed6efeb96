import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import type { Logger } from "pino";
import { ExecutionLog } from "./admin/execution-log.ts";
import { Exports } from "./admin/exports.ts";
import { AdminKey } from "./auth/admin-key.ts";
import { BackupKeeper } from "./backup/backup-keeper.ts";
import { takeBackup } from "./backup/take-backup.ts";
import { messageOf } from "./faults.ts";
import { Files } from "./files/files.ts";
import { Code } from "./functions/code.ts";
import { Mutex } from "./functions/mutex.ts";
import { Runner } from "./functions/runner.ts";
import { watchFunctions } from "./functions/watch.ts";
import { createApp } from "./http/app.ts";
import { httpActionsPath } from "./http/http-actions.ts";
import { type Gauges, Measures } from "./metrics/measures.ts";
import { Crons } from "./scheduler/crons.ts";
import { countPending } from "./scheduler/jobs.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import { explainFullDisk } from "./storage/disk-full.ts";
import { databaseFile, filesFolderOf, walSize } from "./storage/presence.ts";
import { Store } from "./storage/store.ts";
import { WalBound } from "./storage/wal-bound.ts";
import { QueryCache } from "./sync/query-cache.ts";
import { SocketServer } from "./sync/socket-server.ts";
import { CursorCodec } from "./transaction/cursor.ts";

export interface ServerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** The functions folder, absolute. */
  readonly functionsFolder: string;
  /** Everything that the server keeps lies here. */
  readonly stateFolder: string;
  /** Where a backup of each day is kept, and one before anything is migrated; absent: none is taken. */
  readonly backupsFolder?: string;
  /** The only browser origin that is let in. */
  readonly appOrigin: string;
  /** Environment variables that the functions see, besides the two that name this server. */
  readonly functionEnv: Readonly<Record<string, string>>;
  /** Reloads the functions when they change and shows clients what goes wrong in them. */
  readonly isDevelopment: boolean;
  /** Opens every function and the logs to whoever shows it; absent: nobody is let in. */
  readonly adminKey?: string;
  /** What whoever collects the metrics shows; absent: nobody may. */
  readonly metricsToken?: string;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** User CPU that one query or mutation may use. */
  readonly transactionCpuMs?: number;
  /** How long one of them may take while it does not compute. */
  readonly transactionTimeoutMs?: number;
  readonly actionTimeoutMs?: number;
  /** How long a socket may stay without its first message. */
  readonly connectTimeoutMs?: number;
  /** Characters of all answers that clients watch; beyond them the largest are given up. */
  readonly answersSizeMax?: number;
  /** Bytes of the write-ahead log from which on it is begun anew. */
  readonly walSizeMax?: number;
}

export interface RunningServer {
  readonly url: string;
  /** Loads the functions again; throws, and keeps the old ones, when that fails. */
  reload(): Promise<"replaced" | "unchanged">;
  /** Stops taking requests, ends the threads and closes the database. */
  close(): Promise<void>;
}

/** Convex's limit. */
const transactionCpuDefaultMs = 1_000;
const transactionTimeoutDefaultMs = 5_000;
const actionTimeoutDefaultMs = 600_000;
const connectTimeoutDefaultMs = 10_000;
const answersSizeDefaultMax = 512 << 20;
const host = "127.0.0.1";
const walSizeDefaultMax = 64 << 20;
const keyLength = 32;
/** More scheduled functions than these are told as so many. */
const scheduledCountMax = 100_000;

const listen = (
  fetch: ReturnType<typeof createApp>["fetch"],
  port: number,
  log: Logger,
): Promise<{ server: Server; port: number }> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host }, (address) => {
      server.off("error", reject);
      // From now on an error is a connection that could not be taken, and no reason to end.
      server.on("error", (error) => log.error({ err: error }, "a connection was not taken"));
      resolve({ server: server as Server, port: address.port });
    });
    server.once("error", reject);
  });

/** Starts the embedded Convex server. Throws when the functions do not load, the folder is in use or the port taken. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { stateFolder, functionsFolder, appOrigin, isDevelopment, log, now = Date.now } = options;
  const { backupsFolder } = options;
  const store = new Store(stateFolder, now, () => {
    if (backupsFolder === undefined) return;
    takeBackup({ databasePath: databaseFile(stateFolder), folder: backupsFolder, now: now() });
  });
  const backups =
    backupsFolder === undefined ? null : new BackupKeeper({ stateFolder, folder: backupsFolder, log, now });
  const cursorKey = store.secret("cursor_key", () => randomBytes(keyLength));
  const cursors = new CursorCodec(cursorKey);
  const writing = new Mutex();
  const measures = new Measures();
  const executions = new ExecutionLog();
  const exports = new Exports(stateFolder, () => store.latestTimestamp);
  const admin = new AdminKey(options.adminKey ?? null);
  const ownUrl = `http://${host}:${options.port}`;
  const filesAccess = {
    folder: filesFolderOf(stateFolder),
    key: store.secret("files_key", () => randomBytes(keyLength)),
    origin: ownUrl,
  };
  const urls = { convexCloudUrl: ownUrl, convexSiteUrl: `${ownUrl}${httpActionsPath}` };
  const env = { ...options.functionEnv, CONVEX_CLOUD_URL: urls.convexCloudUrl, CONVEX_SITE_URL: urls.convexSiteUrl };
  const code = await Code.open({
    folder: functionsFolder,
    outFolder: join(stateFolder, "code"),
    env,
    store,
    database: { path: databaseFile(stateFolder), cursorKey },
    files: filesAccess,
    writing,
    // Whoever works on the functions would have a backup of every change.
    beforeMigration: async () => {
      if (!isDevelopment) await backups?.take();
    },
    log,
  }).catch((cause: unknown) => {
    store.close();
    throw explainFullDisk(cause, stateFolder);
  });
  const deployment = () => code.deployment;
  const files = new Files(store, filesAccess);
  const runner = new Runner({
    store,
    cursors,
    files,
    deployment,
    writing,
    disclosure: { isOpen: isDevelopment, folder: functionsFolder },
    log,
    now,
    facts: ({ registry, httpRoutes }) => ({ registry, httpRoutes, env, latestExport: () => exports.latest() }),
    onOvertaken: () => {
      measures.overtakenQueries += 1;
    },
    onEnd: (execution) => {
      measures.note(execution);
      executions.add(execution);
    },
    transactionCpuMs: options.transactionCpuMs ?? transactionCpuDefaultMs,
    transactionTimeoutMs: options.transactionTimeoutMs ?? transactionTimeoutDefaultMs,
    actionTimeoutMs: options.actionTimeoutMs ?? actionTimeoutDefaultMs,
  });
  new WalBound({
    store,
    stateFolder,
    sizeMax: options.walSizeMax ?? walSizeDefaultMax,
    whenQuiet: (task) => deployment().queries.whenQuiet(task),
    log,
  });
  const cache = new QueryCache(runner.queries, store, options.answersSizeMax ?? answersSizeDefaultMax);
  code.onReplaced(() => cache.invalidateAll());
  const scheduler = new Scheduler({ store, runner, deployment, log, now });
  const crons = new Crons({ store, runner, deployment, log, now });
  code.onReplaced(
    () => void crons.align().catch((err: unknown) => log.error({ err }, "cron jobs were not taken over")),
  );
  const gauges = (): Gauges => ({
    sessions: sockets.sessionCount,
    watchedQueries: cache.count,
    watchedAnswers: cache.size,
    waitingWrites: writing.waiting,
    waitingQueries: deployment().queries.waiting,
    scheduledPending: countPending(store, scheduledCountMax),
    scheduledRunning: scheduler.runningCount,
    walBytes: walSize(stateFolder),
  });
  const metrics = { measures, gauges, token: options.metricsToken ?? null };
  const app = createApp({
    appOrigin,
    runner,
    store,
    deployment,
    files,
    log,
    now,
    admin,
    executions,
    exports,
    metrics,
    urls,
  });

  const stop = async (): Promise<void> => {
    crons.stop();
    scheduler.stop();
    await backups?.stop();
    await exports.close();
    await code.close();
    await scheduler.drain();
    // Behind everything that still holds the write transaction.
    await writing.run(() => store.close());
  };

  const listening = await listen(app.fetch, options.port, log).catch(async (cause: unknown) => {
    await stop();
    throw cause;
  });
  const { server } = listening;
  const auth = () => code.deployment.auth;
  const { connectTimeoutMs = connectTimeoutDefaultMs } = options;
  const sockets = new SocketServer(server, {
    appOrigin,
    runner,
    cache,
    store,
    auth,
    admin,
    log,
    now,
    connectTimeoutMs,
  });
  await scheduler.start();
  await crons.align();
  backups?.start();

  const reload = async (): Promise<"replaced" | "unchanged"> => {
    const outcome = await code.reload();
    if (outcome === "replaced") log.info({ functions: code.deployment.registry.size }, "functions reloaded");
    return outcome;
  };
  const watcher = isDevelopment
    ? watchFunctions(
        functionsFolder,
        () => code.sources,
        async () => {
          await reload().catch((cause: unknown) => log.error(`functions not reloaded: ${messageOf(cause)}`));
        },
      )
    : null;

  const close = async (): Promise<void> => {
    watcher?.close();
    sockets.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await stop();
  };
  let closing: Promise<void> | null = null;

  return {
    url: `http://${host}:${listening.port}`,
    reload,
    close() {
      closing ??= close();
      return closing;
    },
  };
};
