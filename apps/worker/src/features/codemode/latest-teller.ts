/** Tells the newest of what changes faster than it can be told; what is in between is left out. */
export class LatestTeller<A> {
  readonly #tell: (value: A) => Promise<void>;
  #next: { readonly value: A } | null = null;
  #telling: Promise<void> | null = null;

  /** `tell` never rejects. */
  constructor(tell: (value: A) => Promise<void>) {
    this.#tell = tell;
  }

  tell(value: A): void {
    this.#next = { value };
    this.#telling ??= this.#work().finally(() => {
      this.#telling = null;
    });
  }

  async #work(): Promise<void> {
    for (let next = this.#next; next !== null; next = this.#next) {
      this.#next = null;
      await this.#tell(next.value);
    }
  }
}
