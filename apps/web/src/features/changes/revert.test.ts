import type { ChangedFile } from "@threadbox/contracts/changes";
import { absentFile } from "@threadbox/contracts/files";
import { expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import type { FilesClient } from "../files/index.ts";
import { readHunks } from "./hunks.ts";
import { revert } from "./revert.ts";

/** Files in memory, with the worker's rules on versions. */
const filesOf = (initial: Readonly<Record<string, string>>) => {
  const files = new Map(Object.entries(initial).map(([path, text]) => [path, { text, version: "v0" }]));
  let count = 0;
  const client: Pick<FilesClient, "open" | "save" | "remove"> = {
    open: async (path) => {
      const file = files.get(path);
      if (file === undefined) throw new WireFailure("NotFound", "");
      const { text, version } = file;
      const hasBom = text.startsWith("\uFEFF");
      const content = { kind: "text", text: hasBom ? text.slice(1) : text, hasBom } as const;
      return { path, sizeBytes: text.length, version, content };
    },
    save: async (path, content, expected) => {
      if ((files.get(path)?.version ?? absentFile) !== expected) throw new WireFailure("VersionConflict", "");
      count += 1;
      // `text()` would take the byte order mark away.
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await content.arrayBuffer());
      files.set(path, { text, version: `v${count}` });
      return { version: `v${count}` };
    },
    remove: async (path) => void files.delete(path),
  };
  const write = (path: string, text: string) => files.set(path, { text, version: `theirs ${text}` });
  return { client, write, read: (path: string) => files.get(path)?.text };
};

const file = (change: ChangedFile["change"]): ChangedFile => ({
  path: "a",
  kind: "file",
  change,
  additions: 1,
  deletions: 1,
  hunks: null,
});
const hunks = (text: string) => readHunks(text) ?? [];
const modified = hunks("@@ -1,2 +1,2 @@\n \uFEFFone\n-two\n+TWO\n");

test("a hunk is taken back and had back, with the byte order mark and what somebody else wrote elsewhere", async () => {
  const { client, read } = filesOf({ a: "\uFEFFone\nTWO\nmine\n" });
  const undo = await revert(client, file("modified"), modified);
  expect(read("a")).toBe("\uFEFFone\ntwo\nmine\n");
  await undo();
  expect(read("a")).toBe("\uFEFFone\nTWO\nmine\n");
});

test("what changed since it was compared, or since it was taken back, is left alone", async () => {
  const { client, read, write } = filesOf({ a: "\uFEFFone\nthree\n" });
  await expect(revert(client, file("modified"), modified)).rejects.toMatchObject({ tag: "VersionConflict" });
  write("a", "\uFEFFone\nTWO\n");
  const undo = await revert(client, file("modified"), modified);
  write("a", "theirs");
  await expect(undo()).rejects.toMatchObject({ tag: "VersionConflict" });
  expect(read("a")).toBe("theirs");
});

test("a new file goes and comes back; one that is not what was shown stays", async () => {
  const added = hunks("@@ -0,0 +1 @@\n+x\n");
  const { client, read } = filesOf({ a: "x\n" });
  const undo = await revert(client, file("added"), added);
  expect(read("a")).toBeUndefined();
  await undo();
  expect(read("a")).toBe("x\n");
  const other = filesOf({ a: "x\nand more\n" });
  await expect(revert(other.client, file("added"), added)).rejects.toMatchObject({ tag: "VersionConflict" });
  expect(other.read("a")).toBe("x\nand more\n");
});

test("a file that is gone has its text again, unless there is another one by now", async () => {
  const deleted = hunks("@@ -1 +0,0 @@\n-x\n");
  const { client, read, write } = filesOf({});
  const undo = await revert(client, file("deleted"), deleted);
  expect(read("a")).toBe("x\n");
  await undo();
  expect(read("a")).toBeUndefined();
  write("a", "theirs");
  await expect(revert(client, file("deleted"), deleted)).rejects.toMatchObject({ tag: "VersionConflict" });
});
