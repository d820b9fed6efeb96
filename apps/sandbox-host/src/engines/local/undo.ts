import type { Logger } from "pino";

/** Things to undo, in the opposite order; one failure does not keep the others from being undone. */
export class Undo {
  readonly #steps: (() => Promise<void> | void)[] = [];
  readonly #log: Logger;
  constructor(log: Logger) {
    this.#log = log;
  }
  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }
  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.#log.error({ event: "sandbox.cleanup_failed", err: error }, "part of a sandbox could not be removed");
      }
    }
  }
}
