import { resolve } from "node:path";
import { decodeSettings, type Environment, textSetting } from "@threadbox/contracts/settings";
import * as Result from "effect/Result";
import { type ArchiveContent, exportArchive } from "./archive/export-archive.ts";
import { importArchive } from "./archive/import-archive.ts";
import { backupsIn } from "./backup/backup-files.ts";
import { restoreBackup } from "./backup/restore-backup.ts";
import { takeBackup } from "./backup/take-backup.ts";
import { runCodegen } from "./codegen/run-codegen.ts";
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

const help = `convex-server [verb], a Convex server for one machine.

  start [--watch]        serves; with --watch functions are loaded again when they change (the verb may be left out)
  backup                 takes a backup, also while a server runs
  restore [file]         puts a backup in the database's place; without a file, names those that there are
  export <file.zip>      writes all documents and files as Convex's own exports are laid out, also while a server runs
  import <file.zip>      puts such an archive in the place of what is there, which is put aside
  codegen [--check]      writes convex/_generated, or tells whether it is out of date; --dir <folder> names another folder
  help                   says this

Settings are environment variables:

  CONVEX_STATE           the folder that holds everything
  CONVEX_PORT            3210 by default, on the loopback interface alone
  CONVEX_DIR             the functions
  CONVEX_BACKUPS         where a backup of each day is kept, seven of them
  APP_ORIGIN             the one browser origin that is let in
  CONVEX_ADMIN_KEY       what Convex's own command line shows; without one nobody is let in
  METRICS_TOKEN          what whoever collects /metrics shows
  CONVEX_FUNCTION_ENV    names of the variables that functions see, with commas between`;

const isHelp = (arg: string | undefined): boolean => arg === "help" || arg === "--help" || arg === "-h";

/**
 * What the program is asked to do beside serving: `backup` and `export <file>`, also while a server runs, `restore <file>`,
 * `import <file>`, `codegen` and `help`. Resolves to the word to end with, or null where it is to serve. Rejects with an error
 * whose message is for the person at the terminal.
 */
export const runCommand = async (
  args: readonly string[],
  environment: Environment,
  now: number,
): Promise<string | null> => {
  const [verb, file, ...rest] = args;
  if (args.some(isHelp)) return help;
  if (verb === "codegen") return runCodegen(args.slice(1));
  if (verb === "backup" && file === undefined) return backup(environment, now);
  if (verb === "restore" && rest.length === 0) return restore(environment, now, file);
  if (verb === "export" && rest.length === 0) return exportTo(environment, file);
  if (verb === "import" && rest.length === 0) return importFrom(environment, now, file);
  if (verb === undefined || verb === "start" || verb === "--watch") return null;
  throw new Error(`${args.join(" ")} is nothing that this program does. See: convex-server help`);
};

/** The flags of whoever asks to serve. */
export const flagsOf = (args: readonly string[]): readonly string[] => (args[0] === "start" ? args.slice(1) : args);
