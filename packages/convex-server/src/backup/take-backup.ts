import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { requireIntact } from "../storage/loss.ts";
import { backupName, backupsIn, surplusOf } from "./backup-files.ts";

export interface BackupRequest {
  /** The database's file; whoever writes to it goes on meanwhile. */
  readonly databasePath: string;
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const sync = (path: string): void => {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** A backup never takes the room that the database itself needs to go on. */
const requireRoom = (databasePath: string, folder: string): void => {
  const { size } = statSync(databasePath);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= 2 * size) return;
  throw new Error(`There is no room for a backup in ${folder}: it would take ${Math.ceil(size / 2 ** 20)} MiB.`);
};

/**
 * Writes the last committed state to a file of its own, reads every page of it, and only then gives it its name; then
 * removes the oldest backups that are too many. Blocks this thread meanwhile. Returns the file's path.
 */
export const takeBackup = ({ databasePath, folder, now }: BackupRequest): string => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requireRoom(databasePath, folder);
  const path = join(folder, backupName(now));
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { force: true });
  try {
    // Made before it is written to, so that nobody else may read it at any moment.
    closeSync(openSync(unfinished, "wx", 0o600));
    const source = new DatabaseSync(databasePath, { timeout: 5_000 });
    try {
      source.prepare("VACUUM INTO ?").run(unfinished);
    } finally {
      source.close();
    }
    const copy = new DatabaseSync(unfinished, { readOnly: true });
    try {
      requireIntact(copy, unfinished);
    } finally {
      copy.close();
    }
    sync(unfinished);
    renameSync(unfinished, path);
    sync(folder);
  } catch (thrown) {
    rmSync(unfinished, { force: true });
    throw thrown;
  }
  for (const { path: old } of surplusOf(backupsIn(folder))) rmSync(old, { force: true });
  return path;
};
