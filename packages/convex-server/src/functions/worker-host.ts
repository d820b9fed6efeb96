import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { Fault, messageOf } from "../faults.ts";
import { Invocations, type Outcome, type SyscallHandler } from "./invocations.ts";
import type { CodeAnalysis, FromWorker, InvokeFunction, InvokeHttpAction, LoadCode } from "./runtime/messages.ts";
import type { WorkerData } from "./runtime/worker.ts";

export interface WorkerHostOptions {
  readonly purpose: WorkerData["purpose"];
  readonly load: LoadCode;
  /** The whole environment of the functions. */
  readonly env: Readonly<Record<string, string>>;
  /** Numbers of the tables by name, read whenever a worker starts. */
  readonly tables: () => Readonly<Record<string, number>>;
  readonly log: Logger;
}

export interface Run {
  readonly command: Omit<InvokeFunction, "id"> | Omit<InvokeHttpAction, "id">;
  readonly timeoutMs: number;
  readonly onSyscall: SyscallHandler;
  readonly onResponse?: (message: Extract<FromWorker, { type: "responseHead" | "responsePart" }>) => void;
}

/** How long a thread may leave a ping unanswered before it counts as stuck. */
const pingTimeoutMs = 1_000;
const heapMegabytesMax = 512;

interface Started {
  readonly worker: Worker;
  readonly activity: Int32Array;
  readonly analysis: Promise<CodeAnalysis>;
}

const workerFile = new URL("./runtime/worker.ts", import.meta.url);

/**
 * Runs functions in a worker thread and replaces the thread when it dies or hangs. A function that hangs with its
 * thread fails as timed out; the others that ran there fail as lost, so that their owner may run them again.
 */
export class WorkerHost {
  readonly #options: WorkerHostOptions;
  readonly #invocations = new Invocations();
  readonly #pongs = new Map<number, () => void>();
  #started: Started | null = null;
  #lastPing = 0;
  #isClosed = false;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  /** Starts the thread, loads the code and tells what it found. Throws when the code does not load. */
  async start(): Promise<CodeAnalysis> {
    return this.#ensure().analysis;
  }

  /** Resolves when nothing runs here. */
  whenIdle(): Promise<void> {
    return this.#invocations.whenEmpty();
  }

  /** Tells a running thread of new tables. */
  updateTables(): void {
    this.#started?.worker.postMessage({ type: "tables", numbers: this.#options.tables() });
  }

  async run({ command, timeoutMs, onSyscall, onResponse }: Run): Promise<Outcome> {
    if (this.#isClosed) throw new Fault("WorkerLost", "The server is shutting down.");
    const started = this.#ensure();
    await started.analysis;
    if (this.#started !== started) throw new Fault("WorkerLost", "The function worker ended.");
    return new Promise((resolve) => {
      const timer = setTimeout(() => void this.#overdue(started, id, timeoutMs), timeoutMs);
      const id = this.#invocations.add({
        onSyscall,
        onResponse: onResponse ?? (() => undefined),
        settle: (outcome) => {
          clearTimeout(timer);
          resolve(outcome);
        },
      });
      started.worker.postMessage({ ...command, id });
    });
  }

  /** Ends the thread; what still runs there is lost. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#started?.worker.terminate();
  }

  #ensure(): Started {
    this.#started ??= this.#spawn();
    return this.#started;
  }

  #spawn(): Started {
    const { purpose, env, load, tables } = this.#options;
    const activity = new Int32Array(new SharedArrayBuffer(4));
    const workerData: WorkerData = { purpose, activity: activity.buffer };
    const worker = new Worker(workerFile, {
      workerData,
      env: { ...env },
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
      stdout: true,
      stderr: true,
    });
    const { log } = this.#options;
    worker.stdout.on("data", (bytes: Buffer) => log.info({ event: "stdout", purpose }, bytes.toString().trimEnd()));
    worker.stderr.on("data", (bytes: Buffer) => log.warn({ event: "stderr", purpose }, bytes.toString().trimEnd()));
    const analysis = new Promise<CodeAnalysis>((resolve, reject) => {
      worker.on("message", (message: FromWorker) => {
        if (message.type === "loaded") resolve(message.analysis);
        else if (message.type === "loadFailed") reject(new Fault("InvalidRequest", message.message));
        else this.#receive(worker, message);
      });
      worker.on("error", (error) => {
        log.error({ err: error, purpose }, "function worker failed");
        reject(new Fault("WorkerLost", messageOf(error)));
      });
      worker.on("exit", () => {
        reject(new Fault("WorkerLost", "The function worker ended."));
        this.#lost(worker);
      });
    });
    analysis.catch(() => undefined);
    worker.postMessage({ type: "tables", numbers: tables() });
    worker.postMessage(load);
    return { worker, activity, analysis };
  }

  #receive(worker: Worker, message: FromWorker): void {
    switch (message.type) {
      case "syscall":
        void this.#answer(worker, message);
        break;
      case "log":
        this.#log(message);
        break;
      case "pong":
        this.#pongs.get(message.ping)?.();
        break;
      case "succeeded":
        this.#invocations.settle(message.id, { isSuccess: true, value: message.value });
        break;
      case "failed":
        this.#invocations.settle(message.id, { isSuccess: false, error: message.error });
        break;
      case "responseHead":
      case "responsePart":
        this.#invocations.respond(message);
        break;
    }
  }

  async #answer(worker: Worker, { id, call, op, args }: Extract<FromWorker, { type: "syscall" }>): Promise<void> {
    try {
      worker.postMessage({ type: "answer", call, value: await this.#invocations.syscall(id, op, args) });
    } catch (thrown) {
      if (!(thrown instanceof Fault)) this.#options.log.error({ err: thrown, op }, "a system call failed");
      const message = thrown instanceof Fault ? thrown.message : "Internal error of the embedded server.";
      const data = thrown instanceof Fault ? thrown.data : undefined;
      worker.postMessage({ type: "refusal", call, message, data });
    }
  }

  #log({ id, level, text }: Extract<FromWorker, { type: "log" }>): void {
    const isOfFunction = this.#invocations.log(id, level, text);
    if (!isOfFunction) this.#options.log.info({ event: "console", consoleLevel: level }, text);
  }

  async #overdue(started: Started, id: number, timeoutMs: number): Promise<void> {
    const timedOut: Outcome = {
      isSuccess: false,
      fault: new Fault("Timeout", `Function execution timed out (maximum duration: ${timeoutMs / 1000}s)`),
    };
    if (await this.#isResponsive(started.worker)) {
      this.#invocations.settle(id, timedOut);
      return;
    }
    const stuck = started.activity[0] ?? id;
    this.#options.log.error({ purpose: this.#options.purpose }, "function worker hangs and is replaced");
    this.#invocations.settle(stuck, timedOut);
    await started.worker.terminate();
  }

  #isResponsive(worker: Worker): Promise<boolean> {
    this.#lastPing += 1;
    const ping = this.#lastPing;
    return new Promise((resolve) => {
      const finish = (isResponsive: boolean): void => {
        clearTimeout(timer);
        this.#pongs.delete(ping);
        resolve(isResponsive);
      };
      const timer = setTimeout(() => finish(false), pingTimeoutMs);
      this.#pongs.set(ping, () => finish(true));
      worker.postMessage({ type: "ping", ping });
    });
  }

  #lost(worker: Worker): void {
    if (this.#started?.worker !== worker) return;
    this.#started = null;
    this.#invocations.loseAll();
  }
}
