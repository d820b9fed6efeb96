import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

const bytesMax = 10 * 1024 ** 2;

/** Where the lines before those of `path` are kept. */
const previousLogOf = (path: string): string => path.replace(/\.log$/, ".previous.log");

/**
 * A log that does not grow for ever: a full file takes the place of the previous one, and a new one is begun. What
 * cannot be written is lost: a full disk ends nobody.
 */
export class LogFile {
  readonly #path: string;
  readonly #bytesMax: number;
  #file: number | undefined;
  #bytes = 0;

  constructor(path: string, options: { readonly bytesMax?: number } = {}) {
    this.#path = path;
    this.#bytesMax = options.bytesMax ?? bytesMax;
  }

  write(line: string): void {
    try {
      const bytes = Buffer.from(`${line}\n`);
      let file = this.#open();
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#bytesMax) {
        this.close();
        renameSync(this.#path, previousLogOf(this.#path));
        file = this.#open();
      }
      this.#bytes += writeSync(file, bytes);
    } catch {
      this.close();
    }
  }

  /** A later line opens it again. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): number {
    if (this.#file === undefined) {
      this.#file = openSync(this.#path, "a", 0o600);
      this.#bytes = fstatSync(this.#file).size;
    }
    return this.#file;
  }
}
