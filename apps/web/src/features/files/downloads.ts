import type { Downloaded, FilesClient } from "./files-client.ts";

export interface Download {
  /** Unique in this page. */
  readonly id: number;
  readonly name: string;
  readonly receivedBytes: number;
  /** About how many there are; null until that is known. */
  readonly sizeBytes: number | null;
}

type Calls = Pick<FilesClient, "download">;

/** What is on its way out of a workspace. Each is forgotten when it is over. */
export class Downloads {
  readonly #client: Calls;
  readonly #listeners = new Set<() => void>();
  readonly #controls = new Map<number, AbortController>();
  #downloads: readonly Download[] = [];
  #nextId = 1;

  constructor(client: Calls) {
    this.#client = client;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = (): readonly Download[] => this.#downloads;

  cancel(id: number): void {
    this.#controls.get(id)?.abort();
  }

  /** Resolves to null where it was cancelled, and rejects where it fails. */
  async fetch(path: string, kind: "file" | "directory", name: string): Promise<Downloaded | null> {
    const id = this.#nextId;
    this.#nextId += 1;
    const control = new AbortController();
    this.#controls.set(id, control);
    this.#change([...this.#downloads, { id, name, receivedBytes: 0, sizeBytes: null }]);
    const onReceived = (receivedBytes: number, sizeBytes: number | null) =>
      this.#change(this.#downloads.map((each) => (each.id === id ? { ...each, receivedBytes, sizeBytes } : each)));
    try {
      return await this.#client.download(path, kind, onReceived, control.signal);
    } catch (error) {
      if (control.signal.aborted) return null;
      throw error;
    } finally {
      this.#controls.delete(id);
      this.#change(this.#downloads.filter((each) => each.id !== id));
    }
  }

  #change(downloads: readonly Download[]): void {
    this.#downloads = downloads;
    for (const listener of this.#listeners) listener();
  }
}
