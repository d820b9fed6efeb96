import { fileLimits } from "@threadbox/contracts/files";
import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { coalesced } from "../../lib/coalesced.ts";
import { asSandboxFailure, type WireFailure } from "../errors/index.ts";
import type { FilesClient } from "./files-client.ts";
import { type Folders, folderOf, isWithin } from "./tree-rows.ts";

export interface FoldersState {
  readonly folders: Folders;
  readonly expanded: ReadonlySet<string>;
  /** Why the last listing failed; null where it did not. */
  readonly failure: WireFailure | null;
  /** False until the workspace has been listed once. */
  readonly isListed: boolean;
}

/** Every folder on the way to a path, the path itself left out. */
const foldersAbove = (path: string): readonly string[] => {
  const above: string[] = [];
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) above.push(folder);
  return above;
};

/** The folders that a tree shows, as they were listed last. */
export class FolderStore {
  readonly #list: FilesClient["list"];
  readonly #listeners = new Set<() => void>();
  #state: FoldersState = { folders: new Map(), expanded: new Set(), failure: null, isListed: false };

  constructor(list: FilesClient["list"]) {
    this.#list = list;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = (): FoldersState => this.#state;

  expand(path: string): void {
    this.#expand([path]);
  }

  collapse(path: string): void {
    this.#change({ expanded: new Set([...this.#state.expanded].filter((folder) => folder !== path)) });
  }

  /** Expands whatever is above that path. */
  reveal(path: string): void {
    this.#expand(foldersAbove(path));
  }

  /** What was expanded at or below `from` is expanded at `to`. */
  moved(from: string, to: string): void {
    const expanded = [...this.#state.expanded].map((folder) =>
      isWithin(folder, from) ? `${to}${folder.slice(from.length)}` : folder,
    );
    this.#change({ expanded: new Set(expanded) });
  }

  /** Lists everything on show again. */
  readonly refresh = coalesced(() => this.#listAll());

  async #listAll(): Promise<void> {
    const paths = ["", ...this.#state.expanded];
    const folders = new Map<string, readonly FileEntry[] | null>();
    try {
      for (let at = 0; at < paths.length; at += fileLimits.foldersMax) {
        const listed = await this.#list(paths.slice(at, at + fileLimits.foldersMax));
        for (const { path, entries } of listed.folders) folders.set(path, entries);
      }
      const expanded = new Set([...this.#state.expanded].filter((path) => folders.get(path) !== null));
      this.#change({ folders, expanded, failure: null, isListed: true });
    } catch (error) {
      this.#change({ failure: asSandboxFailure(error) });
    }
  }

  #expand(paths: readonly string[]): void {
    this.#change({ expanded: new Set([...this.#state.expanded, ...paths]) });
    if (paths.some((path) => !this.#state.folders.has(path))) void this.refresh();
  }

  #change(changed: Partial<FoldersState>): void {
    this.#state = { ...this.#state, ...changed };
    for (const listener of this.#listeners) listener();
  }
}
