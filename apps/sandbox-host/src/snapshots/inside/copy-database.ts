/**
 * `node copy-database.ts <database> <copy>`: copies an SQLite database that others may be writing, so that the copy opens.
 * Where there is no database there is no copy afterwards.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";

const [source = "", target = ""] = process.argv.slice(2);
/** In one step: while others write, a copy of several would begin again and again. */
const allPages = 2 ** 31 - 1;

if (existsSync(source)) {
  const draft = `${target}.next`;
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  rmSync(draft, { force: true });
  const database = new DatabaseSync(source, { readOnly: true });
  database.exec("PRAGMA busy_timeout = 10000");
  await backup(database, draft, { rate: allPages });
  database.close();
  renameSync(draft, target);
} else rmSync(target, { force: true });
