import { createReadStream, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import { convexToJson, type JSONValue } from "convex/values";
import type { ExportRequest } from "../archive/export-archive.ts";
import { Fault } from "../faults.ts";

const threadFile = new URL("../archive/export-thread.ts", import.meta.url);

const exportInThread = (request: ExportRequest): Promise<void> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(threadFile, { workerData: request });
    thread.once("message", () => resolve());
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`The export's thread ended with ${code}.`)));
  });

/** The archive that Convex's command line asked for last; it is kept until the next one or the next start. */
export class Exports {
  readonly #stateFolder: string;
  readonly #folder: string;
  readonly #timestamp: () => bigint;
  #latest: bigint | null = null;
  #running: Promise<void> | null = null;

  /** `timestamp`: of the state that is exported. */
  constructor(stateFolder: string, timestamp: () => bigint) {
    this.#stateFolder = stateFolder;
    this.#folder = join(stateFolder, "exports");
    this.#timestamp = timestamp;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What became of it, as the command line reads it; null before the first. */
  latest(): JSONValue {
    if (this.#latest === null) return null;
    const timestamp = this.#latest;
    return convexToJson({ state: "completed", start_ts: timestamp, complete_ts: timestamp, zip_object_key: "" });
  }

  /** Resolves when it is there. Throws a fault while another one is made. */
  async make(hasFiles: boolean): Promise<void> {
    if (this.#running !== null) throw new Fault("ExportInProgress", "There is already an export in progress.");
    this.#running = this.#make(hasFiles).finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #make(hasFiles: boolean): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { mode: 0o700 });
    const timestamp = this.#timestamp();
    await exportInThread({ stateFolder: this.#stateFolder, file: this.#pathOf(timestamp), hasFiles });
    this.#latest = timestamp;
  }

  /** The archive of this timestamp, in decimal; null where there is none. */
  read(timestamp: string): { readonly stream: ReadableStream; readonly size: number } | null {
    if (this.#latest === null || timestamp !== String(this.#latest)) return null;
    const path = this.#pathOf(this.#latest);
    return { stream: Readable.toWeb(createReadStream(path)) as ReadableStream, size: statSync(path).size };
  }

  #pathOf(timestamp: bigint): string {
    return join(this.#folder, `${timestamp}.zip`);
  }

  /** Waits for one that is being made, and leaves none behind. */
  async close(): Promise<void> {
    await this.#running?.catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
