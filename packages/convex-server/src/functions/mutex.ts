/** Runs tasks one at a time, in the order in which they were given. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Tasks that wait, with the one that runs. */
  get waiting(): number {
    return this.#waiting;
  }

  run<Result>(task: () => Promise<Result> | Result): Promise<Result> {
    this.#waiting += 1;
    const result = this.#last.then(task);
    this.#last = result
      .catch(() => undefined)
      .finally(() => {
        this.#waiting -= 1;
      });
    return result;
  }
}
