import { FileDocument } from "./file-document.ts";
import type { FilesClient } from "./files-client.ts";
import { isWithin } from "./tree-rows.ts";

/** The opened files of one thread. They outlive the panel, so that closing it loses nothing. */
export class Documents {
  readonly #documents = new Map<string, FileDocument>();
  readonly #listeners = new Set<() => void>();
  #changed: ReadonlySet<string> = new Set();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Paths of those that hold something unsaved. */
  readonly changed = (): ReadonlySet<string> => this.#changed;

  open(client: FilesClient, path: string): FileDocument {
    const known = this.#documents.get(path);
    if (known !== undefined) return known;
    const opened = new FileDocument(client, path);
    this.#documents.set(path, opened);
    opened.subscribe(this.#tell);
    void opened.load();
    return opened;
  }

  find(path: string): FileDocument | undefined {
    return this.#documents.get(path);
  }

  /** Forgets one that holds nothing unsaved. */
  close(path: string): void {
    if (this.#documents.get(path)?.read().isChanged === false) this.#documents.delete(path);
  }

  /** Forgets it, and all below it, whatever they hold. */
  giveUp(path: string): void {
    for (const known of [...this.#documents.keys()]) if (isWithin(known, path)) this.#documents.delete(known);
    this.#tell();
  }

  moved(from: string, to: string): void {
    for (const [known, file] of [...this.#documents]) {
      if (!isWithin(known, from)) continue;
      const path = `${to}${known.slice(from.length)}`;
      this.#documents.delete(known);
      this.#documents.set(path, file);
      file.moved(path);
    }
    this.#tell();
  }

  readonly #tell = (): void => {
    const changed = [...this.#documents].flatMap(([path, file]) => (file.read().isChanged ? [path] : []));
    if (changed.length === this.#changed.size && changed.every((path) => this.#changed.has(path))) return;
    const before = this.#changed.size;
    this.#changed = new Set(changed);
    if (before === 0) window.addEventListener("beforeunload", askBeforeLeaving);
    if (changed.length === 0) window.removeEventListener("beforeunload", askBeforeLeaving);
    for (const listener of this.#listeners) listener();
  };
}

const askBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault();

const byThread = new Map<string, Documents>();

/** The opened files of that thread in this page. */
export const documentsOf = (threadId: string): Documents => {
  const known = byThread.get(threadId) ?? new Documents();
  byThread.set(threadId, known);
  return known;
};
