import { readdirSync } from "node:fs";
import { join } from "node:path";

export interface BackupFile {
  readonly path: string;
  /** When it was taken, in milliseconds since 1970. */
  readonly at: number;
}

const namePattern = /^convex-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})\.(\d{3})Z\.sqlite$/;

/** Name of a backup of that moment; names sort as moments do, and no file system objects to them. */
export const backupName = (at: number): string => `convex-${new Date(at).toISOString().replaceAll(":", "-")}.sqlite`;

const momentOf = (name: string): number | null => {
  const [, day, hours, minutes, seconds, rest] = name.match(namePattern) ?? [];
  return day === undefined ? null : Date.parse(`${day}T${hours}:${minutes}:${seconds}.${rest}Z`);
};

/** The backups in `folder`, the newest first. What else lies there is nobody's business. */
export const backupsIn = (folder: string): readonly BackupFile[] => {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const at = momentOf(name);
      return at === null ? [] : [{ path: join(folder, name), at }];
    })
    .sort((a, b) => b.at - a.at);
};

const dayMs = 24 * 3_600_000;
const keptMax = 7;

/**
 * Whether a backup is due: a day after the newest, or after the database was made. A clock that was set back makes one
 * due that seems to be of the future.
 */
export const isBackupDue = (backups: readonly BackupFile[], madeAt: number, now: number): boolean =>
  Math.abs(now - (backups[0]?.at ?? madeAt)) >= dayMs;

/** Those that are too many, the oldest ones. `backups` is sorted. */
export const surplusOf = (backups: readonly BackupFile[]): readonly BackupFile[] => backups.slice(keptMax);
