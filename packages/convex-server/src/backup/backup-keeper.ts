import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { databaseFile, databaseMadeAt } from "../storage/presence.ts";
import { backupsIn, isBackupDue } from "./backup-files.ts";
import type { BackupRequest } from "./take-backup.ts";

export interface BackupKeeperOptions {
  readonly stateFolder: string;
  /** Where backups are kept. */
  readonly folder: string;
  readonly log: Logger;
  readonly now: () => number;
}

const lookEveryMs = 3_600_000;
const threadFile = new URL("./backup-thread.ts", import.meta.url);

const takeInThread = (request: BackupRequest): Promise<string> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(threadFile, { workerData: request });
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`The backup's thread ended with ${code}.`)));
  });

/** Sees to it that there is a backup of each day. One that fails is tried again an hour later. */
export class BackupKeeper {
  readonly #options: BackupKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;

  constructor(options: BackupKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    void this.look();
    this.#timer = setInterval(() => void this.look(), lookEveryMs);
    this.#timer.unref();
  }

  /** Takes a backup when one is due. Never rejects. */
  async look(): Promise<void> {
    const { stateFolder, folder, now } = this.#options;
    const madeAt = databaseMadeAt(stateFolder);
    if (madeAt === null || !isBackupDue(backupsIn(folder), madeAt, now())) return;
    await this.take();
  }

  /** Takes one now, or waits for the one that is being taken. Never rejects: a server without a backup still serves. */
  async take(): Promise<void> {
    this.#running ??= this.#take().finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #take(): Promise<void> {
    const { stateFolder, folder, log, now } = this.#options;
    try {
      const path = await takeInThread({ databasePath: databaseFile(stateFolder), folder, now: now() });
      log.info({ path }, "a backup was taken");
    } catch (err) {
      log.error({ err }, "no backup could be taken; the next try is in an hour");
    }
  }

  /** Waits for a backup that is being taken. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
