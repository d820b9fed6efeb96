import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import type { Id } from "../../fixture/_generated/dataModel.js";
import { runCommand } from "../commands.ts";
import { type Fixture, startFixture } from "../server.testing.ts";
import { databaseFile } from "../storage/presence.ts";
import { encodeDocumentId } from "../values/document-id.ts";
import { linesOf, openArchive } from "./read-archive.ts";

const noon = Date.UTC(2026, 10, 28, 12);
const idOf = (table: number, byte: number) => encodeDocumentId(table, new Uint8Array(16).fill(byte));

describe("an archive", () => {
  let folder: string;
  let file: string;
  let backups: string;
  let fixture: Fixture;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "convex-archive-"));
    [file, backups] = [join(folder, "snapshot.zip"), join(folder, "backups")];
    fixture = await startFixture();
  });
  afterEach(async () => {
    await fixture.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const http = () => fixture.http();
  const environment = () => ({ CONVEX_STATE: fixture.stateFolder, CONVEX_BACKUPS: backups });
  const run = (...args: string[]) => runCommand(args, environment(), noon);
  const send = (body: string) => http().mutation(api.messages.send, { thread: "a", body });
  const bodies = () => http().query(api.messages.bodies, { thread: "a" });
  /** Imports while the server is stopped, and starts it again on what came. */
  const take = async (path = file): Promise<string | null> => {
    const word = { current: null as string | null };
    await fixture.restart(undefined, async () => {
      word.current = await run("import", path);
    });
    return word.current;
  };
  const zipOf = async (entries: Readonly<Record<string, string>>): Promise<string> => {
    const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
    for (const [name, text] of Object.entries(entries)) await zip.add(name, new TextReader(text));
    const path = join(folder, "made.zip");
    writeFileSync(path, await zip.close());
    return path;
  };

  test("of a server that runs brings every document and file back under its own id, in a folder that had none", async () => {
    const [first, second] = [await send("first"), await send("second")];
    const rest = { whole: 1, big: 2n ** 60n, endless: Number.POSITIVE_INFINITY, bytes: new Uint8Array([1, 2]).buffer };
    const stored = await http().mutation(api.values.store, { value: rest });
    const text = await http().action(api.files.storeText, { text: "kept in a file" });
    expect(await run("export", file)).toBe(`Exported 7 tables, 3 documents and 1 stored files: ${file}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await send("said after it");
    rmSync(fixture.stateFolder, { recursive: true });
    expect(await take()).toMatch(/^Imported 7 tables, 3 documents and 1 stored files\./);
    expect(await bodies()).toEqual(["first", "second"]);
    expect(await http().query(api.messages.get, { id: first })).toMatchObject({ _id: first, body: "first" });
    expect(await http().query(api.values.load, { id: stored })).toEqual(rest);
    expect(await http().action(api.files.readText, { id: text })).toMatchObject({ text: "kept in a file" });
    const third = await http().query(api.messages.get, { id: await send("third") });
    const before = await http().query(api.messages.get, { id: second });
    expect(third?._creationTime).toBeGreaterThan(before?._creationTime ?? Number.NaN);
    expect(await bodies()).toEqual(["first", "second", "third"]);
  });

  test("is laid out as Convex's own are", async () => {
    const id = await send("hello");
    await http().action(api.files.storeText, { text: "abc" });
    await run("export", file);
    const { documents, encodings, files } = await openArchive(file);
    const linesIn = async (entry = documents.get("_tables")) => {
      const lines: unknown[] = [];
      if (entry !== undefined) for await (const [, text] of linesOf(entry)) lines.push(JSON.parse(text));
      return lines;
    };
    expect(await linesIn()).toContainEqual({ name: "messages", id: 10_001 });
    expect(await linesIn(encodings.get("messages"))).toEqual(["uniform"]);
    expect(await linesIn(documents.get("messages"))).toMatchObject([{ _id: id, body: "hello" }]);
    const [stored] = (await linesIn(documents.get("_storage"))) as { _id: string }[];
    expect(stored).toMatchObject({ sha256: "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", size: 3 });
    expect([...files.keys()]).toEqual([stored?._id]);
  });

  test("takes the place of what is there, which is put aside with its files", async () => {
    await send("exported");
    await run("export", file);
    await send("replaced");
    const text = await http().action(api.files.storeText, { text: "replaced" });
    const word = await take();
    const aside = /is in (.*)\.$/.exec(word ?? "")?.[1] ?? "";
    expect(existsSync(aside)).toBe(true);
    expect(readFileSync(join(`${aside}.files`, text), "utf8")).toBe("replaced");
    expect(await bodies()).toEqual(["exported"]);
    expect(readdirSync(fixture.stateFolder).filter((name) => name.startsWith("importing-"))).toEqual([]);
  });

  test("that somebody has written by hand is read as plain JSON, and gets ids where it has none", async () => {
    const id = idOf(10_007, 1) as Id<"messages">;
    await take(
      await zipOf({
        "snapshot/messages/documents.jsonl": `{"_id":"${id}","_creationTime":${noon},"thread":"a","body":"mine","order":1}\n\n{"thread":"a","body":"new"}`,
      }),
    );
    expect(await http().query(api.messages.get, { id })).toMatchObject({ body: "mine", order: 1, _creationTime: noon });
    expect((await bodies()).toSorted()).toEqual(["mine", "new"]);
  });

  test.each([
    ["no zip file", null, /is no zip file/],
    ["a table twice", { "messages/documents.jsonl": "", "a/messages/documents.jsonl": "" }, /twice/],
    ["a component's table", { "_components/c/messages/documents.jsonl": "" }, /no components/],
    ["what is no JSON", { "messages/documents.jsonl": '{"body":"a"}\n{' }, /Line 2 of messages/],
    ["what is no object", { "messages/documents.jsonl": "5" }, /Line 1 .* no object/],
    [
      "an id of another table",
      { "messages/documents.jsonl": `{"_id":"${idOf(10_001, 1)}"}\n{"_id":"${idOf(10_002, 1)}"}` },
      /Line 2 .* no id of this table/,
    ],
    [
      "an id twice",
      { "messages/documents.jsonl": `{"_id":"${idOf(10_001, 1)}"}\n{"_id":"${idOf(10_001, 1)}"}` },
      /Line 2/,
    ],
    ["a field that is reserved", { "messages/documents.jsonl": '{"_own":1}' }, /underscore/],
    ["a time that is none", { "messages/documents.jsonl": '{"_creationTime":"now"}' }, /no time/],
    [
      "the encoding of older snapshots",
      { "messages/documents.jsonl": "{}", "messages/generated_schema.jsonl": '"{a: int64}"' },
      /older kind/,
    ],
    [
      "a file without its bytes",
      { "_storage/documents.jsonl": `{"_id":"${idOf(130, 1)}","_creationTime":1}` },
      /isn't in the archive/,
    ],
    [
      "a file that is another",
      {
        "_storage/documents.jsonl": `{"_id":"${idOf(130, 1)}","_creationTime":1,"size":5}`,
        [`_storage/${idOf(130, 1)}.txt`]: "abc",
      },
      /isn't what it says/,
    ],
  ] satisfies [string, Record<string, string> | null, RegExp][])(
    "%s is refused with its place, and changes nothing",
    async (_, entries, reason) => {
      await send("stays");
      const path = entries === null ? databaseFile(fixture.stateFolder) : await zipOf(entries);
      await fixture.restart(undefined, () => expect(run("import", path)).rejects.toThrow(reason));
      expect(await bodies()).toEqual(["stays"]);
      expect(readdirSync(fixture.stateFolder).filter((name) => name.startsWith("importing-"))).toEqual([]);
    },
  );

  test("is not imported under a server that runs, nor exported over a file that is there", async () => {
    await send("stays");
    await run("export", file);
    await expect(run("import", file)).rejects.toThrow(/Another server uses/);
    await expect(run("export", file)).rejects.toThrow(/is there already/);
    expect(await bodies()).toEqual(["stays"]);
  });
});
