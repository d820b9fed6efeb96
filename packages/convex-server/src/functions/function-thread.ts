import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { Fault, messageOf } from "../faults.ts";
import type { FilesAccess } from "../files/file-links.ts";
import { loadsForever } from "./load-watch.ts";
import type { CodeAnalysis, DatabaseAccess, FromWorker, LoadCode, ToWorker, WorkerData } from "./runtime/messages.ts";
import { ThreadClock } from "./runtime/thread-clock.ts";

export interface ThreadOptions {
  /** The script that a thread runs, absolute. */
  readonly runtimeFile: string;
  readonly purpose: WorkerData["purpose"];
  readonly load: LoadCode;
  /** The whole environment of the functions. */
  readonly env: Readonly<Record<string, string>>;
  /** Numbers of the tables by name, read whenever a thread starts. */
  readonly tables: () => Readonly<Record<string, number>>;
  readonly files: FilesAccess;
  /** What a thread of queries reads. */
  readonly database?: DatabaseAccess;
  readonly heapMegabytesMax: number;
  readonly log: Logger;
}

export interface ThreadListener {
  readonly onMessage: (message: FromWorker) => void;
  /** Called once, with what the calls that ran there are told. */
  readonly onEnd: (fault: Fault) => void;
}

/** How long a thread may leave a ping unanswered before it counts as busy. */
const pingTimeoutMs = 500;

/** What a call makes is thrown away with it: more room would be more memory and no less work. */
const youngMegabytesMax = 16;

const replaced = "The function's process was replaced before it finished.";

/** One worker thread with the code loaded in it, from its start to its end. */
export class FunctionThread {
  readonly clock = new ThreadClock();
  /** What the code declares; rejects when it does not load. */
  readonly analysis: Promise<CodeAnalysis>;
  readonly #worker: Worker;
  readonly #pongs = new Map<number, () => void>();
  #lastPing = 0;
  #fault = new Fault("WorkerLost", replaced);
  #loadFault: Fault | null = null;

  constructor(
    { runtimeFile, purpose, load, env, tables, files, database, heapMegabytesMax, log }: ThreadOptions,
    listener: ThreadListener,
  ) {
    const workerData: WorkerData = {
      purpose,
      clock: this.clock.memory,
      files,
      ...(database === undefined ? {} : { database }),
    };
    const worker = new Worker(runtimeFile, {
      workerData,
      env: { ...env },
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax, maxYoungGenerationSizeMb: youngMegabytesMax },
      stdout: true,
      stderr: true,
    });
    this.#worker = worker;
    worker.stdout.on("data", (bytes: Buffer) => log.info({ event: "stdout", purpose }, bytes.toString().trimEnd()));
    worker.stderr.on("data", (bytes: Buffer) => log.warn({ event: "stderr", purpose }, bytes.toString().trimEnd()));
    let loading = "the functions";
    this.analysis = new Promise<CodeAnalysis>((resolve, reject) => {
      worker.on("message", (message: FromWorker) => {
        if (message.type === "loaded") resolve(message.analysis);
        else if (message.type === "loading") loading = message.path;
        else if (message.type === "loadFailed") reject(new Fault("InvalidRequest", message.message));
        else if (message.type === "pong") this.#pongs.get(message.ping)?.();
        else listener.onMessage(message);
      });
      worker.on("error", (error) => {
        log.error({ err: error, purpose }, "function worker failed");
        if (Reflect.get(error, "code") === "ERR_WORKER_OUT_OF_MEMORY") {
          this.#fault = new Fault("Limit", `Function used too much memory (maximum ${heapMegabytesMax} MiB).`);
        }
        reject(this.#loadFault ?? new Fault("WorkerLost", messageOf(error)));
      });
      worker.on("exit", () => {
        reject(this.#loadFault ?? new Fault("WorkerLost", "The function worker ended."));
        listener.onEnd(this.#fault);
      });
    });
    this.analysis.catch(() => undefined);
    this.post({ type: "tables", numbers: tables() });
    this.post(load);
    // Whoever waits for the code, and every later change of it, would wait for ever.
    void loadsForever(worker, this.analysis).then((isEndless) => {
      if (isEndless) this.#giveUp(`Failed to load ${loading}: it loops, or waits for something, at its import.`);
    });
  }

  #giveUp(message: string): void {
    this.#loadFault = new Fault("InvalidRequest", message);
    void this.terminate();
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Milliseconds of user CPU that the outermost function has used; told also while the thread computes. */
  async functionMs(): Promise<number> {
    // A thread that ends meanwhile has no usage, and what ran there learns of its end.
    const usage = await this.#worker.cpuUsage().catch(() => null);
    return usage === null ? 0 : this.clock.functionMs(usage.user);
  }

  /** Whether nothing computes there right now. */
  isIdle(): Promise<boolean> {
    this.#lastPing += 1;
    const ping = this.#lastPing;
    return new Promise((resolve) => {
      const finish = (isIdle: boolean): void => {
        clearTimeout(timer);
        this.#pongs.delete(ping);
        resolve(isIdle);
      };
      const timer = setTimeout(() => finish(false), pingTimeoutMs);
      this.#pongs.set(ping, () => finish(true));
      this.post({ type: "ping", ping });
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}
