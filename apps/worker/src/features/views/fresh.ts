import { Recent } from "../../platform/recent.ts";

/** Answers that are believed for a while, so that a page of fifty requests does not ask fifty times. */
export class Fresh<A> {
  readonly #known: Recent<string, { readonly answer: A; readonly until: number }>;
  readonly #forMs: number;

  constructor(forMs: number, max: number) {
    this.#known = new Recent(max);
    this.#forMs = forMs;
  }

  find(key: string, now: number): A | undefined {
    const known = this.#known.get(key);
    return known !== undefined && now < known.until ? known.answer : undefined;
  }

  /** `askedAt`: when the question was put, since the answer may be as old. Milliseconds since 1970. */
  note(key: string, answer: A, askedAt: number): void {
    this.#known.set(key, { answer, until: askedAt + this.#forMs });
  }
}
