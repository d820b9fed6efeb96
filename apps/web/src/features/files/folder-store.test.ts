import { fileLimits } from "@threadbox/contracts/files";
import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { FolderStore } from "./folder-store.ts";

const folder = (name: string): FileEntry => ({ name, kind: "directory", sizeBytes: 0, modifiedAt: 0 });

/** A workspace whose listings are answered when the test says so. */
const workspace = (entries: Record<string, readonly FileEntry[]>) => {
  const asked: (readonly string[])[] = [];
  let answer: (() => void)[] = [];
  const store = new FolderStore(async (paths) => {
    asked.push(paths);
    await new Promise<void>((resolve) => answer.push(resolve));
    return { folders: paths.map((path) => ({ path, entries: entries[path] ?? null })) };
  });
  const settle = async () => {
    const waiting = answer;
    answer = [];
    for (const resolve of waiting) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { store, asked, settle };
};

test("everything on show is listed by one request, and a folder that is gone closes", async () => {
  const entries: Record<string, readonly FileEntry[]> = { "": [folder("a")], a: [folder("b")], "a/b": [] };
  const { store, asked, settle } = workspace(entries);
  store.reveal("a/b/c");
  await settle();
  expect(asked).toEqual([["", "a/b", "a"]]);
  delete entries["a/b"];
  const refreshed = store.refresh();
  await settle();
  await refreshed;
  expect([...store.read().expanded]).toEqual(["a"]);
});

test("however often it is asked while a listing runs, one more follows, and it shows what was there last", async () => {
  const entries: Record<string, readonly FileEntry[]> = { "": [] };
  const { store, asked, settle } = workspace(entries);
  const all = [store.refresh(), store.refresh(), store.refresh()];
  await settle();
  entries[""] = [folder("late")];
  await settle();
  await Promise.all(all);
  expect(asked).toHaveLength(2);
  expect(store.read().folders.get("")).toMatchObject([{ name: "late" }]);
});

test("a listing that fails keeps what was there, and the next one that succeeds ends the failure", async () => {
  let isDown = false;
  const store = new FolderStore(async (paths) => {
    if (isDown) throw new WireFailure("SandboxUnavailable", "Down.");
    return { folders: paths.map((path) => ({ path, entries: [folder("kept")] })) };
  });
  await store.refresh();
  isDown = true;
  await store.refresh();
  expect(store.read()).toMatchObject({ isListed: true, failure: { tag: "SandboxUnavailable" } });
  expect(store.read().folders.get("")).toMatchObject([{ name: "kept" }]);
  isDown = false;
  await store.refresh();
  expect(store.read().failure).toBeNull();
});

test("more folders than one request may name are listed by several", async () => {
  const asked: number[] = [];
  const store = new FolderStore(async (paths) => {
    asked.push(paths.length);
    return { folders: paths.map((path) => ({ path, entries: [] })) };
  });
  await store.refresh();
  for (let at = 0; at < fileLimits.foldersMax; at += 1) store.expand(`f${at}`);
  await store.refresh();
  expect(asked.slice(-2)).toEqual([fileLimits.foldersMax, 1]);
});

test("what was expanded stays so under its folder's new name", () => {
  const { store } = workspace({});
  store.reveal("a/b/c");
  store.moved("a", "z");
  expect([...store.read().expanded].toSorted()).toEqual(["z", "z/b"]);
});
