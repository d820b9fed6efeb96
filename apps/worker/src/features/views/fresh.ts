/** Answers that are believed for a while, so that a page of fifty requests does not ask fifty times. */
export class Fresh<A> {
  readonly #known = new Map<string, { readonly answer: A; readonly until: number }>();
  readonly #forMs: number;
  readonly #max: number;

  constructor(forMs: number, max: number) {
    this.#forMs = forMs;
    this.#max = max;
  }

  find(key: string, now: number): A | undefined {
    const known = this.#known.get(key);
    return known !== undefined && now < known.until ? known.answer : undefined;
  }

  /** `askedAt`: when the question was put, since the answer may be as old. Milliseconds since 1970. */
  note(key: string, answer: A, askedAt: number): void {
    this.#known.delete(key);
    this.#known.set(key, { answer, until: askedAt + this.#forMs });
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#max && oldest !== undefined) this.#known.delete(oldest);
  }
}
