import { threadCpuUsage } from "node:process";

/**
 * Cells that a function thread shares with the server, which reads them also while the thread does not answer: which
 * function last went on, which was the last to begin, and what the thread had used when the outermost one began.
 */
export class ThreadClock {
  readonly memory: SharedArrayBuffer;
  readonly #ids: Int32Array;
  /** Microseconds of user CPU. */
  readonly #cpu: Float64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(24)) {
    this.memory = memory;
    this.#ids = new Int32Array(memory, 0, 2);
    this.#cpu = new Float64Array(memory, 8, 2);
  }

  /** The function that last went on; 0 before any did. */
  get active(): number {
    return this.#ids[0] ?? 0;
  }

  hasBegun(id: number): boolean {
    return (this.#ids[1] ?? 0) >= id;
  }

  /** Of what the thread has used in all, the milliseconds that the function itself has, without the database's. */
  functionMs(threadMicros: number): number {
    return (threadMicros - (this.#cpu[0] ?? 0) - (this.#cpu[1] ?? 0)) / 1000;
  }

  /** In the thread: a function goes on. */
  enter(id: number): void {
    this.#ids[0] = id;
  }

  /** In the thread: a function begins; what is used from now on is the outermost one's. */
  begin(id: number, isOutermost: boolean): void {
    if (isOutermost) {
      this.#cpu[0] = threadCpuUsage().user;
      this.#cpu[1] = 0;
    }
    this.#ids[0] = id;
    this.#ids[1] = id;
  }

  /** In the thread: runs a step of the database, which is not counted as the function's. */
  apart<Result>(step: () => Result): Result {
    const before = threadCpuUsage().user;
    try {
      return step();
    } finally {
      this.#cpu[1] = (this.#cpu[1] ?? 0) + threadCpuUsage().user - before;
    }
  }
}
