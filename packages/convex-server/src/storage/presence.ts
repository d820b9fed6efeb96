import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const databaseFile = (folder: string): string => join(folder, "convex.sqlite");

/** Where the stored files' bytes lie. */
export const filesFolderOf = (folder: string): string => join(folder, "files");

const noteFile = (folder: string): string => join(folder, "database-was-made.txt");

const noteText = (at: Date): string =>
  `${at.toISOString()}
A database was made in this folder at that time. While this file is here, the server doesn't begin an empty one in its
place. Delete this file only if you want to lose what was kept.
`;

/** When the folder's database was made, in milliseconds since 1970; null where none is known of. */
export const databaseMadeAt = (folder: string): number | null => {
  if (!existsSync(noteFile(folder))) return null;
  const at = Date.parse(readFileSync(noteFile(folder), "utf8").split("\n", 1)[0] ?? "");
  return Number.isNaN(at) ? 0 : at;
};

/** From now on a folder without its database is a loss and not a beginning. */
export const noteDatabase = (folder: string, now: number): void => {
  if (databaseMadeAt(folder) !== null) return;
  writeFileSync(noteFile(folder), noteText(new Date(now)), { flush: true, mode: 0o600 });
};

/** Whether there is a file with something in it where the database belongs. */
export const isDatabaseThere = (folder: string): boolean => {
  const found = statSync(databaseFile(folder), { throwIfNoEntry: false });
  return found !== undefined && found.size > 0;
};

/** Bytes of the write-ahead log. */
export const walSize = (folder: string): number =>
  statSync(`${databaseFile(folder)}-wal`, { throwIfNoEntry: false })?.size ?? 0;
