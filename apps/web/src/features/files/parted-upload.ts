import { uploadPartBytes } from "@threadbox/contracts/files";
import { WireFailure } from "../errors/index.ts";
import type { FilesClient } from "./files-client.ts";

type Calls = Pick<FilesClient, "upload" | "sendPart" | "join" | "save" | "remove">;

/** Where the parts of a file may lie until it is whole. */
export type MakePlace = () => Promise<string>;

/** One file on its way, which goes on where it broke off. One that fits in a part is sent at once. */
export class PartedUpload {
  readonly #calls: Calls;
  readonly #makePlace: MakePlace;
  readonly #content: Blob;
  #folder: string | null = null;
  #sentParts = 0;

  constructor(calls: Calls, makePlace: MakePlace, content: Blob) {
    this.#calls = calls;
    this.#makePlace = makePlace;
    this.#content = content;
  }

  /** Whether some of it has arrived. */
  get isBegun(): boolean {
    return this.#sentParts > 0;
  }

  async send(path: string, onSent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    if (this.#content.size <= uploadPartBytes) {
      await this.#calls.upload(path, this.#content, onSent, signal);
      return;
    }
    await this.#sendParts(onSent, signal);
    await this.#join(path, false);
  }

  /** Puts what has arrived, or all of a small file, in the place of what is there. */
  async replace(path: string): Promise<void> {
    if (this.#content.size <= uploadPartBytes) await this.#calls.save(path, this.#content, null);
    else await this.#join(path, true);
  }

  /** Nobody wants the rest of it: what has arrived goes. */
  drop(): void {
    const folder = this.#folder;
    this.#folder = null;
    this.#sentParts = 0;
    if (folder !== null) void this.#calls.remove(folder).catch(() => undefined);
  }

  async #sendParts(onSent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    this.#folder ??= await this.#makePlace();
    for (let start = this.#sentParts * uploadPartBytes; start < this.#content.size; start += uploadPartBytes) {
      signal.throwIfAborted();
      const part = this.#content.slice(start, start + uploadPartBytes);
      onSent(start);
      await this.#calls.sendPart(`${this.#folder}/${this.#sentParts}`, part, (bytes) => onSent(start + bytes), signal);
      this.#sentParts += 1;
    }
  }

  async #join(path: string, isReplacing: boolean): Promise<void> {
    if (this.#folder === null) throw new WireFailure("SandboxUnavailable", "");
    try {
      await this.#calls.join({ folder: this.#folder, sizeBytes: this.#content.size, path, isReplacing });
    } catch (error) {
      // What was put there has gone: from the beginning, the next time.
      if (error instanceof WireFailure && error.tag === "ValidationError") {
        this.#folder = null;
        this.#sentParts = 0;
      }
      throw error;
    }
  }
}
