import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sandboxFolders } from "../engines/local/sandbox-folders.ts";
import { sandboxName } from "../host.testing.ts";
import { nextWorkspace, replaceWorkspace, settleReplacement } from "./replaced-workspace.ts";

const makeFolders = async () => {
  const state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-replaced-"));
  onTestFinished(() => fs.rm(state, { recursive: true, force: true }));
  const folders = sandboxFolders(state, sandboxName());
  await fs.mkdir(folders.disks.home, { recursive: true });
  return folders;
};
type Folders = Awaited<ReturnType<typeof makeFolders>>;

/** A disk that holds a word: an image, or a folder with a file that is one. */
const forms = {
  image: async ({ images }: Folders, word: string) => fs.writeFile(images.workspace, word),
  folder: async ({ disks }: Folders, word: string) => {
    await fs.mkdir(disks.workspace);
    await fs.writeFile(path.join(disks.workspace, "word"), word);
  },
};
const wordIn = async ({ images, disks }: Folders): Promise<string> =>
  fs
    .readFile(images.workspace, "utf8")
    .catch(() => fs.readFile(path.join(disks.workspace, "word"), "utf8"))
    .catch(() => "nothing");
const leftIn = async ({ kept }: Folders) =>
  (await fs.readdir(kept)).filter((entry) => !["home", "workspace", "workspace.ext4"].includes(entry));

describe.each([
  ["image", "image"],
  ["folder", "folder"],
  ["folder", "image"],
  ["image", "folder"],
] as const)("a workspace on a disk of the kind %s, replaced by one of the kind %s", (own, next) => {
  test("is the next one afterwards, and nothing else is left", async () => {
    const folders = await makeFolders();
    await forms[own](folders, "own");
    await forms[next](nextWorkspace(folders), "next");
    await replaceWorkspace(folders);
    expect(await wordIn(folders)).toBe("next");
    expect(await leftIn(folders)).toEqual([]);
  });

  test("stays what it was where the next one was not whole yet", async () => {
    const folders = await makeFolders();
    await forms[own](folders, "own");
    await forms[next](nextWorkspace(folders), "half");
    await settleReplacement(folders);
    expect(await wordIn(folders)).toBe("own");
    expect(await leftIn(folders)).toEqual([]);
  });

  test("is the next one wherever the steps of its replacement were cut short", async () => {
    const steps = [
      async () => {},
      async ({ kept }: Folders) => {
        const form = own === "image" ? ".ext4" : "";
        await fs.rename(path.join(kept, `workspace${form}`), path.join(kept, `workspace.former${form}`));
      },
      async ({ kept }: Folders) => {
        const form = next === "image" ? ".ext4" : "";
        await fs.rename(path.join(kept, `workspace.next${form}`), path.join(kept, `workspace${form}`));
      },
      ({ kept }: Folders) => fs.rm(path.join(kept, "replacing")),
    ];
    for (let done = 1; done <= steps.length; done += 1) {
      const folders = await makeFolders();
      await forms[own](folders, "own");
      await forms[next](nextWorkspace(folders), "next");
      await fs.writeFile(path.join(folders.kept, "replacing"), "");
      for (const step of steps.slice(0, done)) await step(folders);
      await settleReplacement(folders);
      expect(await wordIn(folders), `after ${done} steps`).toBe("next");
      expect(await leftIn(folders)).toEqual([]);
    }
  });
});
