import { resolve } from "node:path";
import { decodeSettings, type Environment, textSetting } from "@threadbox/contracts/settings";
import * as Result from "effect/Result";
import { type ArchiveContent, exportArchive } from "./archive/export-archive.ts";
import { importArchive } from "./archive/import-archive.ts";
import { backupsIn } from "./backup/backup-files.ts";
import { restoreBackup } from "./backup/restore-backup.ts";
import { takeBackup } from "./backup/take-backup.ts";
import { databaseFile, isDatabaseThere } from "./storage/presence.ts";

const settings = {
  CONVEX_STATE: textSetting("the folder of the data"),
  CONVEX_BACKUPS: textSetting("the folder to keep backups in"),
};

const foldersOf = (environment: Environment) => {
  const decoded = decodeSettings(settings, environment);
  if (Result.isFailure(decoded)) throw new Error(decoded.failure.map(({ sentence }) => sentence).join("; "));
  const { CONVEX_STATE, CONVEX_BACKUPS } = decoded.success;
  return { stateFolder: resolve(CONVEX_STATE), backupsFolder: resolve(CONVEX_BACKUPS) };
};

const backup = (environment: Environment, now: number): string => {
  const { stateFolder, backupsFolder } = foldersOf(environment);
  if (!isDatabaseThere(stateFolder)) throw new Error(`There is nothing to back up in ${stateFolder}.`);
  const path = takeBackup({ databasePath: databaseFile(stateFolder), folder: backupsFolder, now });
  return `Backup taken: ${path}`;
};

const restore = (environment: Environment, now: number, file: string | undefined): string => {
  const { stateFolder, backupsFolder } = foldersOf(environment);
  if (file === undefined) {
    const known = backupsIn(backupsFolder).map(({ path }) => `\n  ${path}`);
    const list = known.length > 0 ? known.join("") : ` none in ${backupsFolder}`;
    throw new Error(`Name the backup to restore: npm run restore -- <file>. Backups, the newest first:${list}`);
  }
  const aside = restoreBackup({ stateFolder, backupsFolder, file: resolve(file), now });
  return `Restored ${file}.${aside === null ? "" : ` What was there before is in ${aside}.`}`;
};

const contentWords = ({ tables, documents, files }: ArchiveContent): string =>
  `${tables} tables, ${documents} documents and ${files} stored files`;

const exportTo = async (environment: Environment, file: string | undefined): Promise<string> => {
  const { stateFolder } = foldersOf(environment);
  if (file === undefined) throw new Error("Name the file to export to: npm run export -- <file.zip>");
  const path = resolve(file);
  return `Exported ${contentWords(await exportArchive({ stateFolder, file: path }))}: ${path}`;
};

const importFrom = async (environment: Environment, now: number, file: string | undefined): Promise<string> => {
  if (file === undefined) throw new Error("Name the archive to import: npm run import -- <file.zip>");
  const { aside, ...content } = await importArchive({ ...foldersOf(environment), file: resolve(file), now });
  return `Imported ${contentWords(content)}.${aside === null ? "" : ` What was there before is in ${aside}.`}`;
};

/**
 * What the program is asked to do beside serving: `backup` and `export <file>`, also while a server runs, `restore <file>`
 * and `import <file>`. Resolves to the word to end with, or null where it is to serve. Rejects with an error whose message
 * is for the person at the terminal.
 */
export const runCommand = async (
  args: readonly string[],
  environment: Environment,
  now: number,
): Promise<string | null> => {
  const [verb, file, ...rest] = args;
  if (verb === "backup" && file === undefined) return backup(environment, now);
  if (verb === "restore" && rest.length === 0) return restore(environment, now, file);
  if (verb === "export" && rest.length === 0) return exportTo(environment, file);
  if (verb === "import" && rest.length === 0) return importFrom(environment, now, file);
  return null;
};
