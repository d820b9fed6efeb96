import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { lockFolder, requireKnownFormat, versionOf } from "../storage/database.ts";
import { requireIntact } from "../storage/loss.ts";
import { databaseFile, filesFolderOf } from "../storage/presence.ts";

export interface RestoreRequest {
  readonly stateFolder: string;
  /** Where the database that is replaced is put aside. */
  readonly backupsFolder: string;
  /** The backup. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const requireUsable = (file: string): void => {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const backup = new DatabaseSync(file, { readOnly: true });
  try {
    const version = versionOf(backup);
    if (version === 0) throw new Error(`${file} is no backup of this server.`);
    requireKnownFormat(version);
    requireIntact(backup, file);
  } finally {
    backup.close();
  }
};

/** The database and what belongs to it: its log holds the last commits. */
const parts = ["", "-wal", "-shm"] as const;

/** A backup has no stored files, and those that are there stay; a whole snapshot brings its own. */
export interface Replacement {
  readonly database: string;
  readonly filesFolder?: string;
}

const putAside = (
  stateFolder: string,
  { filesFolder }: Replacement,
  backupsFolder: string,
  now: number,
): string | null => {
  const aside = join(backupsFolder, `replaced-${new Date(now).toISOString().replaceAll(":", "-")}.sqlite`);
  const path = databaseFile(stateFolder);
  const moves = parts.map((part) => [path + part, aside + part] as const);
  if (filesFolder !== undefined) moves.push([filesFolderOf(stateFolder), `${aside}.files`]);
  const there = moves.filter(([from]) => existsSync(from));
  for (const [from, to] of there) renameSync(from, to);
  return there.length === 0 ? null : aside;
};

/**
 * Puts other data in the place of what the folder holds, from files on the same disk, which are used up. What was there is
 * put aside and never removed; returns where, or null. Throws, and changes nothing, while a server uses the folder.
 */
export const replaceData = (
  { stateFolder, backupsFolder, now }: Omit<RestoreRequest, "file">,
  replacementOf: () => Replacement,
): string | null => {
  mkdirSync(stateFolder, { recursive: true });
  mkdirSync(backupsFolder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(stateFolder);
  try {
    const replacement = replacementOf();
    const aside = putAside(stateFolder, replacement, backupsFolder, now);
    renameSync(replacement.database, databaseFile(stateFolder));
    if (replacement.filesFolder !== undefined) renameSync(replacement.filesFolder, filesFolderOf(stateFolder));
    return aside;
  } finally {
    lock.close();
  }
};

/** Puts a backup in the database's place, as `replaceData` does. Throws besides for a file that is damaged or no backup. */
export const restoreBackup = (request: RestoreRequest): string | null => {
  requireUsable(request.file);
  const copy = `${databaseFile(request.stateFolder)}.restored`;
  try {
    return replaceData(request, () => {
      copyFileSync(request.file, copy);
      return { database: copy };
    });
  } finally {
    rmSync(copy, { force: true });
  }
};
