import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { lockFolder, requireKnownFormat, versionOf } from "../storage/database.ts";
import { requireIntact } from "../storage/loss.ts";
import { databaseFile } from "../storage/presence.ts";

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

const putAside = (path: string, folder: string, now: number): string | null => {
  if (!parts.some((part) => existsSync(path + part))) return null;
  const aside = join(folder, `replaced-${new Date(now).toISOString().replaceAll(":", "-")}.sqlite`);
  for (const part of parts) if (existsSync(path + part)) renameSync(path + part, aside + part);
  return aside;
};

/**
 * Puts a backup in the database's place. What was there is put aside and never removed; returns where, or null. Throws,
 * and changes nothing, while a server uses the folder, and for a file that is damaged or no backup.
 */
export const restoreBackup = ({ stateFolder, backupsFolder, file, now }: RestoreRequest): string | null => {
  requireUsable(file);
  mkdirSync(stateFolder, { recursive: true });
  mkdirSync(backupsFolder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(stateFolder);
  try {
    const path = databaseFile(stateFolder);
    const copy = `${path}.restored`;
    copyFileSync(file, copy);
    const aside = putAside(path, backupsFolder, now);
    renameSync(copy, path);
    return aside;
  } catch (thrown) {
    rmSync(`${databaseFile(stateFolder)}.restored`, { force: true });
    throw thrown;
  } finally {
    lock.close();
  }
};
