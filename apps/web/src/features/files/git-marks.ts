import type { GitMark } from "@threadbox/contracts/changes";
import { coalesced } from "../../lib/coalesced.ts";
import type { FilesClient } from "./files-client.ts";
import { folderOf } from "./tree-rows.ts";

export type Mark = GitMark["mark"];

/** What git says of the files, by path, and of folders, whether anything in them is different. */
export interface Marks {
  readonly files: ReadonlyMap<string, Mark>;
  readonly folders: ReadonlySet<string>;
}

const none: Marks = { files: new Map(), folders: new Set() };

export const readMarks = (marks: readonly GitMark[]): Marks => {
  const folders = new Set<string>();
  for (const { path } of marks) {
    for (let folder = folderOf(path); folder !== "" && !folders.has(folder); folder = folderOf(folder))
      folders.add(folder);
  }
  return { files: new Map(marks.map(({ path, mark }) => [path, mark])), folders };
};

/** The mark of one row: its own, or that of the folder it lies in, where git knows nothing of that. */
export const markOf = ({ files, folders }: Marks, path: string): Mark | "inside" | null => {
  const own = files.get(path);
  if (own !== undefined) return own;
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) {
    if (files.get(folder) === "untracked") return "untracked";
  }
  return folders.has(path) ? "inside" : null;
};

/** The marks as they were last seen. Where they can't be had the files are shown without new ones. */
export class MarksStore {
  readonly #look: FilesClient["gitMarks"];
  readonly #listeners = new Set<() => void>();
  #marks = none;

  constructor(look: FilesClient["gitMarks"]) {
    this.#look = look;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = (): Marks => this.#marks;

  readonly refresh = coalesced(async () => {
    const found = await this.#look().catch(() => null);
    if (found === null) return;
    this.#marks = readMarks(found.marks);
    for (const listener of this.#listeners) listener();
  });
}
