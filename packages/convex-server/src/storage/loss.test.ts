import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { DatabaseLostError } from "./loss.ts";
import { databaseFile } from "./presence.ts";

describe("a database that was here", () => {
  let folder: string;
  let open: Database[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "convex-loss-"));
    open = [];
  });
  afterEach(() => {
    for (const database of open) database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (): Database => {
    const database = openDatabase(folder, { now: 1 });
    open.push(database);
    return database;
  };
  const stop = (): void => {
    for (const database of open.splice(0)) database.close();
  };
  /** A thousand rows, so that the file has many pages. */
  const fill = ({ writer }: Database): void => {
    const add = writer.prepare("INSERT INTO documents (pk, id, document, size) VALUES (?, ?, ?, 1)");
    for (let pk = 1; pk <= 1_000; pk += 1) add.run(pk, `id${pk}`, "x".repeat(400));
  };
  const removeParts = (): void => {
    for (const part of ["", "-wal", "-shm"]) rmSync(databaseFile(folder) + part, { force: true });
  };
  /** Overwrites the middle of the file, and says beforehand that the last server did not end by itself. */
  const damage = (): void => {
    const connection = new DatabaseSync(databaseFile(folder));
    connection.exec("UPDATE meta SET value = 1 WHERE key = 'is_open'; PRAGMA wal_checkpoint(TRUNCATE)");
    connection.close();
    const bytes = readFileSync(databaseFile(folder));
    bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 20_000);
    writeFileSync(databaseFile(folder), bytes);
  };

  test("and is missing is refused, and nothing empty is put in its place", () => {
    start();
    stop();
    removeParts();
    expect(() => start()).toThrow(/is missing or empty, and a database was here\. .*npm run restore/);
    expect(existsSync(databaseFile(folder))).toBe(false);
  });

  test("and is empty is refused, be it without a byte or without a table", () => {
    start();
    stop();
    removeParts();
    writeFileSync(databaseFile(folder), "");
    expect(() => start()).toThrow(DatabaseLostError);
    new DatabaseSync(databaseFile(folder)).exec("PRAGMA journal_mode = WAL; PRAGMA user_version = 0; VACUUM");
    expect(() => start()).toThrow(DatabaseLostError);
  });

  test("is begun anew once its owner says so", () => {
    start();
    stop();
    removeParts();
    rmSync(join(folder, "database-was-made.txt"));
    expect(start().writer.prepare("SELECT count(*) AS n FROM documents").get()?.n).toBe(0);
  });

  test("is known also where an older server made it", () => {
    start();
    stop();
    rmSync(join(folder, "database-was-made.txt"));
    start();
    stop();
    removeParts();
    expect(() => start()).toThrow(DatabaseLostError);
  });

  test("with a damaged page is refused after an end that was none of ours, and left as it is", () => {
    fill(start());
    stop();
    damage();
    const before = readFileSync(databaseFile(folder));
    expect(() => start()).toThrow(/is damaged \(.+\)\. .*npm run restore/);
    expect(readFileSync(databaseFile(folder)).equals(before)).toBe(true);
  });

  test("that is no database any more is called damaged, and the folder is free again", () => {
    fill(start());
    stop();
    writeFileSync(databaseFile(folder), "not a database at all, but long enough to be read as one".repeat(200));
    expect(() => start()).toThrow(/is damaged \(file is not a database\)/);
    removeParts();
    rmSync(join(folder, "database-was-made.txt"));
    expect(() => start()).not.toThrow();
  });

  test("and was cut short is refused", () => {
    fill(start());
    stop();
    damage();
    truncateSync(databaseFile(folder), 40_000);
    expect(() => start()).toThrow(DatabaseLostError);
  });

  test("is taken as it is after an orderly end and after a sudden one", () => {
    fill(start());
    stop();
    const second = start();
    expect(second.writer.prepare("SELECT value FROM meta WHERE key = 'is_open'").get()?.value).toBe(1);
    stop();
    expect(start().writer.prepare("SELECT count(*) AS n FROM documents").get()?.n).toBe(1_000);
  });
});
