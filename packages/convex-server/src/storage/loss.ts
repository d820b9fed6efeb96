import type { DatabaseSync } from "node:sqlite";

/** The database cannot be used as it is, and nothing has been written to it. The message says what to do. */
export class DatabaseLostError extends Error {
  override readonly name = "DatabaseLostError";
}

const remedy = "Put it back, or restore a backup with: npm run restore -- <file>";

export const databaseGone = (path: string): DatabaseLostError =>
  new DatabaseLostError(
    `${path} is missing or empty, and a database was here. ${remedy}. ` +
      "To begin without its content, delete database-was-made.txt beside it.",
  );

const databaseDamaged = (path: string, complaint: string, cause?: unknown): DatabaseLostError =>
  new DatabaseLostError(`${path} is damaged (${complaint}). ${remedy}.`, { cause });

/** SQLITE_CORRUPT and SQLITE_NOTADB, with whatever is said above the lowest byte. */
const isDamage = (thrown: unknown): boolean => {
  const code = thrown instanceof Error ? Reflect.get(thrown, "errcode") : undefined;
  return typeof code === "number" && ((code & 0xff) === 11 || (code & 0xff) === 26);
};

/** What was thrown by the database at `path`, in words that help where it is damaged. */
export const explainDamage = (path: string, thrown: unknown): unknown =>
  isDamage(thrown) ? databaseDamaged(path, thrown instanceof Error ? thrown.message : "unreadable", thrown) : thrown;

/** Reads every page of the database at `path`. Throws at the first one that does not hold together. */
export const requireIntact = (connection: DatabaseSync, path: string): void => {
  const said = String(connection.prepare("PRAGMA quick_check(1)").get()?.quick_check);
  if (said !== "ok") throw databaseDamaged(path, said.replace(/\s+/g, " ").trim());
};
