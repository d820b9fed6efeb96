import { availableParallelism } from "node:os";
import { FairPlaces } from "./fair-places.ts";
import type { ThreadOptions } from "./function-thread.ts";
import type { CodeAnalysis } from "./runtime/messages.ts";
import { WorkerHost } from "./worker-host.ts";

/** Three at least, so that two that compute leave one; more than the processor's cores would wait for each other. */
const threadsMin = 3;
const threadsMax = 8;

const countOfThreads = (): number => Math.min(Math.max(availableParallelism(), threadsMin), threadsMax);

/** The threads that run queries, one in each at a time. A thread starts when the others are taken. */
export class QueryThreads {
  readonly #hosts: readonly WorkerHost[];
  readonly #places: FairPlaces<WorkerHost>;

  constructor(options: Omit<ThreadOptions, "purpose">) {
    this.#hosts = Array.from({ length: countOfThreads() }, () => new WorkerHost({ ...options, purpose: "queries" }));
    this.#places = new FairPlaces(this.#hosts);
  }

  /** Starts the first thread. Throws when the code does not load. */
  async start(): Promise<CodeAnalysis> {
    const [first] = this.#hosts;
    if (first === undefined) throw new Error("There is no thread for queries.");
    return first.start();
  }

  /** Gives a thread to the task, to no other until it ends. `asker` is on whose behalf it runs. */
  run<Result>(asker: string, task: (host: WorkerHost) => Promise<Result>): Promise<Result> {
    return this.#places.run(asker, task);
  }

  /** Queries that wait for a thread. */
  get waiting(): number {
    return this.#places.waiting;
  }

  /** Runs `task` while no query runs. */
  whenQuiet(task: () => void): Promise<void> {
    return this.#places.whenQuiet(task);
  }

  async whenIdle(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.whenIdle()));
  }

  updateTables(): void {
    for (const host of this.#hosts) host.updateTables();
  }

  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()));
  }
}
