import { Fault } from "../faults.ts";
import { FunctionThread, type ThreadOptions } from "./function-thread.ts";
import { Invocations, type Outcome, type SyscallHandler } from "./invocations.ts";
import type {
  CodeAnalysis,
  FromWorker,
  InvokeFunction,
  InvokeHttpAction,
  InvokeQuery,
  SearchVectors,
  ToWorker,
} from "./runtime/messages.ts";
import { type CallLimits, type Overrun, Watchdog } from "./watchdog.ts";

type WithoutId<Command> = Command extends unknown ? Omit<Command, "id"> : never;

export interface Run {
  readonly command: WithoutId<InvokeFunction | InvokeHttpAction | InvokeQuery | SearchVectors>;
  readonly limits: CallLimits;
  readonly onSyscall?: SyscallHandler;
  readonly onResponse?: (message: Extract<FromWorker, { type: "responseHead" | "responsePart" }>) => void;
}

const noServices: SyscallHandler = async (op) => {
  throw new Fault("Unsupported", `${op} is not answered here.`);
};

const nameOf = (command: Run["command"]): string => {
  switch (command.type) {
    case "invoke":
      return `${command.modulePath}:${command.exportName}`;
    case "invokeHttp":
      return `${command.method} ${new URL(command.url).pathname}`;
    case "invokeQuery":
      return command.path;
    case "searchVectors":
      return `a vector search in ${command.query.indexName}`;
  }
};

const timedOut = (name: string, { cpuMs, waitMs = 0 }: CallLimits, overrun: Overrun): Fault => {
  const seconds = (overrun === "computed" ? (cpuMs ?? waitMs) : waitMs) / 1000;
  const how = overrun === "computed" ? "computed for longer" : "took longer";
  return new Fault("Timeout", `Function execution timed out (maximum duration: ${seconds}s): ${name} ${how}.`);
};

interface Watched {
  readonly id: number;
  readonly limits: CallLimits;
  /** For people. */
  readonly name: string;
}

/**
 * Runs functions in a worker thread and replaces the thread when it dies or is held by a function past its limits. That
 * function fails as timed out; the others that ran there fail as lost, so that their owner may run them again.
 */
export class WorkerHost {
  readonly #options: ThreadOptions;
  readonly #invocations = new Invocations();
  #thread: FunctionThread | null = null;
  #isClosed = false;

  constructor(options: ThreadOptions) {
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

  /** Whether the thread answers at once, for lack of anything that computes there. */
  async isIdle(): Promise<boolean> {
    const thread = this.#thread;
    if (thread === null) return true;
    await thread.analysis.catch(() => undefined);
    return thread.isIdle();
  }

  /** Tells a running thread of new tables. */
  updateTables(): void {
    this.post({ type: "tables", numbers: this.#options.tables() });
  }

  /** For a thread that is there. */
  post(message: ToWorker): void {
    this.#thread?.post(message);
  }

  async run({ command, limits, onSyscall = noServices, onResponse }: Run): Promise<Outcome> {
    if (this.#isClosed) throw new Fault("WorkerLost", "The server is shutting down.");
    const thread = this.#ensure();
    await thread.analysis;
    if (this.#thread !== thread) throw new Fault("WorkerLost", "The function worker ended.");
    return new Promise((resolve) => {
      const id = this.#invocations.add({
        onSyscall,
        onResponse: onResponse ?? (() => undefined),
        settle: (outcome) => {
          watchdog.stop();
          resolve(outcome);
        },
      });
      const watchdog = new Watchdog(thread, id, limits, (overrun) =>
        this.#overran(thread, { id, limits, name: nameOf(command) }, overrun),
      );
      thread.post({ ...command, id });
    });
  }

  /** Ends the thread; what still runs there is lost. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#thread?.terminate();
  }

  #ensure(): FunctionThread {
    if (this.#thread !== null) return this.#thread;
    const thread = new FunctionThread(this.#options, {
      onMessage: (message) => this.#receive(thread, message),
      onEnd: (fault) => this.#ended(thread, fault),
    });
    this.#thread = thread;
    return thread;
  }

  #receive(thread: FunctionThread, message: FromWorker): void {
    switch (message.type) {
      case "syscall":
        void this.#answer(thread, message);
        break;
      case "log":
        this.#log(message);
        break;
      case "succeeded":
        this.#invocations.settle(message.id, { isSuccess: true, value: message.value });
        break;
      case "failed":
        this.#invocations.settle(message.id, { isSuccess: false, error: message.error });
        break;
      case "answered":
        this.#answered(message);
        break;
      case "responseHead":
      case "responsePart":
        this.#invocations.respond(message);
        break;
    }
  }

  #answered({ id, result, reading: known }: Extract<FromWorker, { type: "answered" }>): void {
    const reading = known === undefined ? {} : { reading: known };
    if (result.isSuccess || "error" in result) {
      this.#invocations.settle(id, { ...result, ...reading });
      return;
    }
    const { code, message, data } = result.refusal;
    this.#invocations.settle(id, { isSuccess: false, fault: new Fault(code, message, data), ...reading });
  }

  async #answer(
    thread: FunctionThread,
    { id, call, op, args }: Extract<FromWorker, { type: "syscall" }>,
  ): Promise<void> {
    try {
      thread.post({ type: "answer", call, value: await this.#invocations.syscall(id, op, args) });
    } catch (thrown) {
      if (!(thrown instanceof Fault)) this.#options.log.error({ err: thrown, op }, "a system call failed");
      const message = thrown instanceof Fault ? thrown.message : "Internal error of the embedded server.";
      const data = thrown instanceof Fault ? thrown.data : undefined;
      thread.post({ type: "refusal", call, message, ...(data === undefined ? {} : { data }) });
    }
  }

  #log({ id, level, text }: Extract<FromWorker, { type: "log" }>): void {
    const isOfFunction = this.#invocations.log(id, level, text);
    if (!isOfFunction) this.#options.log.info({ event: "console", consoleLevel: level }, text);
  }

  #overran(thread: FunctionThread, { id, limits, name }: Watched, overrun: Overrun): void {
    const isCounted = limits.cpuMs !== undefined;
    if (overrun === "held up") {
      const fault = new Fault("WorkerLost", "Another function kept this one from running.");
      this.#invocations.settle(id, { isSuccess: false, fault });
    } else {
      this.#invocations.settle(id, { isSuccess: false, fault: timedOut(name, limits, overrun) });
    }
    // What waits beside others is left to them; what has the thread to itself takes along what it left behind.
    if (!isCounted && overrun !== "computed") return;
    const { purpose } = this.#options;
    this.#options.log.error(
      { purpose, overrun, path: name },
      "a function is over its limit and its thread is replaced",
    );
    // From now on nothing is begun there, though its end takes a moment.
    this.#ended(thread, new Fault("WorkerLost", "Another function has ended the thread."));
    void thread.terminate();
  }

  #ended(thread: FunctionThread, fault: Fault): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    this.#invocations.loseAll(fault);
    // The next call does not wait for a thread to load; one that ended before it ran anything is not tried again unasked.
    if (thread.clock.active > 0 && !this.#isClosed) this.#ensure();
  }
}
