import { removedFolder } from "@threadbox/contracts/files";
import type { FileEntry } from "@threadbox/contracts/sandbox-host";

/** Folders that have been listed, by path; null where there is none of that path any more. */
export type Folders = ReadonlyMap<string, readonly FileEntry[] | null>;

/** One line of the tree. */
export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly kind: FileEntry["kind"];
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  /** From 1. */
  readonly level: number;
  readonly isExpanded: boolean;
  /** Place among those in the same folder, from 1, and how many they are. */
  readonly position: number;
  readonly setSize: number;
}

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Folders first, then by name as people count. */
const sorted = (entries: readonly FileEntry[]): readonly FileEntry[] =>
  entries.toSorted(
    (a, b) =>
      Number(b.kind === "directory") - Number(a.kind === "directory") ||
      names.compare(a.name, b.name) ||
      (a.name < b.name ? -1 : 1),
  );

export const joinPath = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Whether `path` is that folder or lies in it. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** What the tree shows: every entry whose folders are all expanded, from the top down. */
export const treeRows = (folders: Folders, expanded: ReadonlySet<string>): readonly TreeRow[] => {
  const rows: TreeRow[] = [];
  const add = (folder: string, level: number) => {
    const listed = folders.get(folder) ?? [];
    const entries = sorted(folder === "" ? listed.filter(({ name }) => name !== removedFolder) : listed);
    for (const [index, { name, kind, sizeBytes, modifiedAt }] of entries.entries()) {
      const path = joinPath(folder, name);
      const isExpanded = kind === "directory" && expanded.has(path);
      const place = { position: index + 1, setSize: entries.length };
      rows.push({ path, name, kind, sizeBytes, modifiedAt, level, isExpanded, ...place });
      if (isExpanded) add(path, level + 1);
    }
  };
  add("", 1);
  return rows;
};

/** What a key of the tree pattern does: moves to a row, opens or closes a folder. */
export type TreeMove =
  | { readonly kind: "go"; readonly path: string }
  | { readonly kind: "expand" | "collapse" | "open"; readonly path: string };

const go = (row: TreeRow | undefined): TreeMove | null => (row === undefined ? null : { kind: "go", path: row.path });

/** Null for a key that means nothing here. `current` is the row with the focus; without one the first is meant. */
export const treeMove = (rows: readonly TreeRow[], current: string | null, key: string): TreeMove | null => {
  const at = rows.findIndex(({ path }) => path === current);
  const row = rows[at];
  if (row === undefined) return ["ArrowDown", "Home", "Enter"].includes(key) ? go(rows[0]) : null;
  const isFolder = row.kind === "directory";
  switch (key) {
    case "ArrowDown":
      return go(rows[at + 1]);
    case "ArrowUp":
      return go(rows[at - 1]);
    case "Home":
      return go(rows[0]);
    case "End":
      return go(rows.at(-1));
    case "ArrowRight":
      if (!isFolder) return null;
      if (!row.isExpanded) return { kind: "expand", path: row.path };
      return rows[at + 1]?.level === row.level + 1 ? go(rows[at + 1]) : null;
    case "ArrowLeft":
      if (row.isExpanded) return { kind: "collapse", path: row.path };
      return go(rows.find(({ path }) => path === folderOf(row.path)));
    case "Enter":
    case " ":
      if (!isFolder) return { kind: "open", path: row.path };
      return { kind: row.isExpanded ? "collapse" : "expand", path: row.path };
    default:
      return null;
  }
};

/** The next row, going round, whose name begins with what was typed. */
export const typedRow = (rows: readonly TreeRow[], current: string | null, typed: string): TreeRow | undefined => {
  const at = rows.findIndex(({ path }) => path === current);
  // A letter alone moves on; more letters may still be the row that one is on.
  const start = typed.length === 1 ? at + 1 : Math.max(0, at);
  const round = [...rows.slice(start), ...rows.slice(0, start)];
  return round.find(({ name }) => name.toLocaleLowerCase().startsWith(typed.toLocaleLowerCase()));
};
