import { type DockerQuestion, type DockerRefusal, type FoundDocker, findDocker, isThere } from "./find-docker.ts";

/** How long a refusal counts: whoever starts Docker, or makes the image, doesn't start the host anew for it. */
const refusalCountsMs = 5_000;

/** The engine as it is now: it may come and go while the host runs. */
export class DockerWatch {
  readonly #question: DockerQuestion;
  readonly #now: () => number;
  #found: FoundDocker | undefined;
  #refused: { readonly refusal: string; readonly until: number } | undefined;
  #looking: Promise<FoundDocker | DockerRefusal> | undefined;

  /** `now` in milliseconds; only differences matter. */
  constructor(question: DockerQuestion, now: () => number) {
    this.#question = question;
    this.#now = now;
  }

  /** Who asks while somebody looks gets the same answer. */
  find(): Promise<FoundDocker | DockerRefusal> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<FoundDocker | DockerRefusal> {
    if (this.#found !== undefined && (await isThere(this.#found))) return this.#found;
    this.#found = undefined;
    const now = this.#now();
    if (this.#refused !== undefined && now < this.#refused.until) return { refusal: this.#refused.refusal };
    const found = await findDocker(this.#question);
    if ("refusal" in found) this.#refused = { ...found, until: this.#now() + refusalCountsMs };
    else this.#found = found;
    return found;
  }
}
