import type { SandboxName } from "@threadbox/contracts/ids";

/** Whoever waits for a start hears that it goes on. */
const secondsTellMs = 5_000;

/** What starts that take their time are at, each as a sentence. */
export class StartSteps {
  readonly #steps = new Map<SandboxName, string>();

  /** Undefined where there is nothing to say. */
  of(name: SandboxName): string | undefined {
    return this.#steps.get(name);
  }

  set(name: SandboxName, sentence: string): void {
    this.#steps.set(name, sentence);
  }

  end(name: SandboxName): void {
    this.#steps.delete(name);
  }

  /** Says what a start is at, and for how long, while `act` runs. */
  async during<A>(name: SandboxName, step: string, act: () => Promise<A>): Promise<A> {
    this.set(name, `${step}.`);
    const from = performance.now();
    const tell = () => this.set(name, `${step}: ${Math.round((performance.now() - from) / 1000)} s.`);
    const timer = setInterval(tell, secondsTellMs);
    try {
      return await act();
    } finally {
      clearInterval(timer);
      this.end(name);
    }
  }
}
