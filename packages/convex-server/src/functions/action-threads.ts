import type { ThreadOptions } from "./function-thread.ts";
import type { Outcome } from "./invocations.ts";
import type { CodeAnalysis } from "./runtime/messages.ts";
import { type Run, WorkerHost } from "./worker-host.ts";

/** Actions wait more than they compute, so many of them share a thread once each of these has one. */
const threadsMax = 4;
/** Looks for a thread that does not compute, each of which lasts as long as a thread may take to answer. */
const looksMax = 20;

interface Thread {
  readonly host: WorkerHost;
  running: number;
}

/** The threads that run actions. One that computes has, as far as there are enough, its thread to itself. */
export class ActionThreads {
  readonly #threads: readonly Thread[];

  constructor(options: Omit<ThreadOptions, "purpose">) {
    this.#threads = Array.from({ length: threadsMax }, () => ({
      host: new WorkerHost({ ...options, purpose: "actions" }),
      running: 0,
    }));
  }

  /** Starts the first thread. Throws when the code does not load. */
  async start(): Promise<CodeAnalysis> {
    const [first] = this.#threads;
    if (first === undefined) throw new Error("There is no thread for actions.");
    return first.host.start();
  }

  async run(run: Run): Promise<Outcome> {
    const thread = this.#unused() ?? (await this.#idlest());
    thread.running += 1;
    try {
      return await thread.host.run(run);
    } finally {
      thread.running -= 1;
    }
  }

  async whenIdle(): Promise<void> {
    await Promise.all(this.#threads.map(({ host }) => host.whenIdle()));
  }

  updateTables(): void {
    for (const { host } of this.#threads) host.updateTables();
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ host }) => host.close()));
  }

  /** The first is the longest there, so that the others start only when it is taken. */
  #unused(): Thread | undefined {
    return this.#threads.find(({ running }) => running === 0);
  }

  /** The thread that answers first: none where something computes, unless it does in all for long. */
  async #idlest(): Promise<Thread> {
    const answerOf = async (thread: Thread): Promise<Thread> => {
      if (!(await thread.host.isIdle())) throw new Error("Something computes there.");
      return thread;
    };
    for (let look = 1; ; look += 1) {
      const idle = await Promise.any(this.#threads.map(answerOf)).catch(() => null);
      const [fewest] = [...this.#threads].sort((a, b) => a.running - b.running);
      const thread = idle ?? (look < looksMax ? undefined : fewest);
      if (thread !== undefined) return thread;
    }
  }
}
