import { absentFile, removedFolder } from "@threadbox/contracts/files";
import { expect, test } from "vitest";
import { Trash } from "./trash.ts";

const now = Date.UTC(2026, 0, 2);

/** Names of files, by which they are moved; `taken`: what a move finds in its way. */
const workspace = (paths: readonly string[], taken: ReadonlySet<string> = new Set()) => {
  const files = new Set(paths);
  const below = (path: string) => [...files].filter((file) => file === path || file.startsWith(`${path}/`));
  return {
    files,
    list: async () => ({
      folders: [
        {
          path: removedFolder,
          entries: [...files].flatMap((file) => {
            const [top, name] = file.split("/");
            return top !== removedFolder || name === undefined
              ? []
              : [{ name, kind: "directory" as const, sizeBytes: 0, modifiedAt: 0 }];
          }),
        },
      ],
    }),
    save: async (path: string) => {
      files.add(path);
      return { version: absentFile };
    },
    makeFolder: async () => undefined,
    move: async ({ from, to }: { readonly from: string; readonly to: string }) => {
      if (taken.has(to)) throw new Error("taken");
      for (const file of below(from)) {
        files.delete(file);
        files.add(`${to}${file.slice(from.length)}`);
      }
    },
    remove: async (path: string) => {
      for (const file of below(path)) files.delete(file);
    },
  };
};

const seen = (files: ReadonlySet<string>) => [...files].filter((file) => !file.startsWith(removedFolder)).sort();

test("a folder goes with all that is in it and comes back the same, and nothing of it is left over", async () => {
  const calls = workspace(["a/b/one", "a/b/c/two", "a/three"]);
  const { restore } = await new Trash(calls).put("a/b", now);
  expect(seen(calls.files)).toEqual(["a/three"]);
  await restore();
  expect(seen(calls.files)).toEqual(["a/b/c/two", "a/b/one", "a/three"]);
  expect([...calls.files].filter((file) => file.startsWith(removedFolder))).toEqual([`${removedFolder}/.gitignore`]);
});

test("what is given up is gone for good", async () => {
  const calls = workspace(["a/one"]);
  const { forget } = await new Trash(calls).put("a", now);
  forget();
  await expect.poll(() => [...calls.files]).toEqual([`${removedFolder}/.gitignore`]);
});

test("what can't be put back stays where it can be had from", async () => {
  const taken = new Set<string>();
  const calls = workspace(["a"], taken);
  const { restore } = await new Trash(calls).put("a", now);
  taken.add("a");
  await expect(restore()).rejects.toThrow("taken");
  taken.clear();
  await restore();
  expect(seen(calls.files)).toEqual(["a"]);
});

test("what earlier pages left behind goes, and nothing else that lies there", async () => {
  const old = (now - 2 * 60 * 60_000).toString(36);
  const calls = workspace([
    "a",
    `${removedFolder}/${old}-1/x`,
    `${removedFolder}/${now.toString(36)}-9/y`,
    `${removedFolder}/mine/z`,
  ]);
  await new Trash(calls).put("a", now);
  const kept = [...calls.files].filter((file) => /[xyz]$/.test(file)).sort();
  expect(kept).toEqual([`${removedFolder}/mine/z`, `${removedFolder}/${now.toString(36)}-9/y`].sort());
});
