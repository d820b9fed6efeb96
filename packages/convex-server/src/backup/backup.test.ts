import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConvexHttpClient } from "convex/browser";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { runCommand } from "../commands.ts";
import { authEnv, fixtureFolder, testOrigin } from "../server.testing.ts";
import { type RunningServer, startServer } from "../server.ts";
import { databaseFile } from "../storage/presence.ts";
import { backupName, backupsIn, isBackupDue, surplusOf } from "./backup-files.ts";
import { BackupKeeper } from "./backup-keeper.ts";
import { takeBackup } from "./take-backup.ts";

const dayMs = 86_400_000;
const noon = Date.UTC(2026, 10, 28, 12);

describe("which backups there are", () => {
  const at = (...days: readonly number[]) => days.map((day) => ({ path: backupName(day * dayMs), at: day * dayMs }));

  test("one is due a day after the newest, or after the database was made", () => {
    expect(isBackupDue([], noon, noon + dayMs - 1)).toBe(false);
    expect(isBackupDue([], noon, noon + dayMs)).toBe(true);
    expect(isBackupDue(at(3, 2), 0, 4 * dayMs - 1)).toBe(false);
    expect(isBackupDue(at(3, 2), 0, 4 * dayMs)).toBe(true);
  });

  test("one that seems to be of the future holds nothing up", () => {
    expect(isBackupDue(at(30), 0, 3 * dayMs)).toBe(true);
  });

  test("seven are kept", () => {
    expect(surplusOf(at(9, 8, 7, 6, 5, 4, 3, 2, 1)).map((backup) => backup.at / dayMs)).toEqual([2, 1]);
  });
});

describe("a backup", () => {
  let folder: string;
  let state: string;
  let backups: string;
  let environment: Record<string, string>;
  let running: RunningServer | null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "convex-backup-"));
    state = join(folder, "state");
    backups = join(folder, "backups");
    environment = { CONVEX_STATE: state, CONVEX_BACKUPS: backups };
    running = null;
  });
  afterEach(async () => {
    await running?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = async (): Promise<ConvexHttpClient> => {
    running = await startServer({
      port: 0,
      functionsFolder: fixtureFolder,
      stateFolder: state,
      backupsFolder: backups,
      appOrigin: testOrigin,
      functionEnv: authEnv,
      isDevelopment: false,
      log: pino({ level: "silent" }),
    });
    return new ConvexHttpClient(running.url);
  };
  const stop = async (): Promise<void> => {
    await running?.close();
    running = null;
  };
  const say = (client: ConvexHttpClient, body: string) =>
    client.mutation(api.messages.send, { thread: "t", body, order: 1 });
  const heard = (client: ConvexHttpClient) => client.query(api.messages.bodies, { thread: "t" });
  const newest = (): string => backupsIn(backups)[0]?.path ?? "";

  test("that is taken while the server runs brings back what was said until then", async () => {
    const client = await serve();
    await say(client, "kept");
    expect(await runCommand(["backup"], environment, noon)).toBe(`Backup taken: ${join(backups, backupName(noon))}`);
    await say(client, "later");
    await stop();

    const word = await runCommand(["restore", newest()], environment, noon);
    expect(word).toMatch(/^Restored .*What was there before is in .*replaced-.*\.sqlite\.$/);
    expect(await heard(await serve())).toEqual(["kept"]);
    // What was replaced still has everything.
    const aside = readdirSync(backups).find((name) => /^replaced-.*\.sqlite$/.test(name)) ?? "";
    const replaced = new DatabaseSync(join(backups, aside));
    expect(replaced.prepare("SELECT count(*) AS n FROM documents WHERE document LIKE '%later%'").get()?.n).toBe(1);
    replaced.close();
  });

  test("brings back a database that is gone", async () => {
    await say(await serve(), "kept");
    await runCommand(["backup"], environment, noon);
    await stop();
    for (const part of ["", "-wal", "-shm"]) rmSync(databaseFile(state) + part, { force: true });
    await expect(serve()).rejects.toThrow(/npm run restore/);
    await runCommand(["restore", newest()], environment, noon);
    expect(await heard(await serve())).toEqual(["kept"]);
  });

  test("is for its owner alone, and never half a file", async () => {
    await say(await serve(), "kept");
    await runCommand(["backup"], environment, noon);
    expect(statSync(backups).mode & 0o077).toBe(0);
    expect(statSync(newest()).mode & 0o077).toBe(0);
    expect(readdirSync(backups).map((name) => basename(name))).toEqual([backupName(noon)]);
  });

  test("that is damaged, or none, replaces nothing", async () => {
    await say(await serve(), "kept");
    await runCommand(["backup"], environment, noon);
    await stop();
    const before = readFileSync(databaseFile(state));
    const bytes = readFileSync(newest());
    bytes.fill(0xa5, 8_192, 40_000);
    writeFileSync(newest(), bytes);
    const notes = join(folder, "notes.txt");
    writeFileSync(notes, "Dear diary");
    await expect(runCommand(["restore", newest()], environment, noon)).rejects.toThrow();
    await expect(runCommand(["restore", notes], environment, noon)).rejects.toThrow();
    await expect(runCommand(["restore", join(folder, "nowhere")], environment, noon)).rejects.toThrow(
      /There is no file/,
    );
    expect(readFileSync(databaseFile(state)).equals(before)).toBe(true);
  });

  test("is not restored under a server that runs", async () => {
    await say(await serve(), "kept");
    await runCommand(["backup"], environment, noon);
    await expect(runCommand(["restore", newest()], environment, noon)).rejects.toThrow(/Another server uses/);
  });

  test("is named, where none is, with those that there are", async () => {
    await say(await serve(), "kept");
    await runCommand(["backup"], environment, noon);
    await expect(runCommand(["restore"], environment, noon)).rejects.toThrow(newest());
  });

  test("is taken before other functions migrate what is kept, and not before anything is kept", async () => {
    await say(await serve(), "kept");
    await stop();
    expect(backupsIn(backups)).toEqual([]);
    const database = new DatabaseSync(databaseFile(state));
    database.exec("UPDATE meta SET value = 'of an older version' WHERE key = 'code_digest'");
    database.close();
    expect(await heard(await serve())).toEqual(["kept"]);
    await stop();
    expect(backupsIn(backups)).toHaveLength(1);
    await serve();
    expect(backupsIn(backups)).toHaveLength(1);
  });

  test("is taken of each day by the server itself, and those that are too many go", async () => {
    await say(await serve(), "kept");
    mkdirSync(backups, { recursive: true });
    for (let day = 1; day <= 7; day += 1) writeFileSync(join(backups, backupName(noon - day * dayMs)), "old");
    writeFileSync(join(backups, "mine.sqlite"), "not ours");
    let now = noon - 1;
    const keeper = new BackupKeeper({
      stateFolder: state,
      folder: backups,
      log: pino({ level: "silent" }),
      now: () => now,
    });
    await keeper.look();
    expect(newest()).toBe(join(backups, backupName(noon - dayMs)));
    now = noon;
    await keeper.look();
    expect(backupsIn(backups).map((backup) => backup.at)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((day) => noon - day * dayMs),
    );
    expect(existsSync(join(backups, "mine.sqlite"))).toBe(true);
  });

  test("that cannot be taken leaves the server as it was, and nothing behind", async () => {
    const client = await serve();
    await say(client, "kept");
    writeFileSync(backups, "a file where the folder belongs");
    const request = { databasePath: databaseFile(state), folder: backups, now: noon };
    expect(() => takeBackup(request)).toThrow();
    const keeper = new BackupKeeper({
      stateFolder: state,
      folder: backups,
      log: pino({ level: "silent" }),
      now: () => noon,
    });
    await keeper.take();
    expect(await heard(client)).toEqual(["kept"]);
  });
});
