import * as fs from "node:fs/promises";
import * as path from "node:path";
import { exists, type SandboxFolders, workspaceBeside } from "../engines/local/sandbox-folders.ts";
import { openFolder } from "../files/folder-walk.ts";
import { removeEntry } from "../files/remove-entry.ts";

/** There once the next workspace is whole, until it has taken the place of the other. */
const markOf = ({ kept }: SandboxFolders): string => path.join(kept, "replacing");

/** Programs of the sandbox made what lies in there: it may be deeper than any path is long. */
const removeFolder = async (at: string): Promise<void> => {
  if (!(await exists(at))) return;
  const parent = await openFolder(path.dirname(at));
  await removeEntry(parent, path.basename(at)).finally(() => parent.close());
};

const removeBeside = async (folders: SandboxFolders, which: "next" | "former"): Promise<void> => {
  const { disk, image } = workspaceBeside(folders, which);
  await fs.rm(image, { force: true });
  await removeFolder(disk);
};

const syncFile = async (at: string): Promise<void> => {
  const handle = await fs.open(at, "r");
  await handle.sync().finally(() => handle.close());
};

/** Where the next workspace is put together; the home is the sandbox's own. */
export const nextWorkspace = (folders: SandboxFolders): SandboxFolders => {
  const { disk, image } = workspaceBeside(folders, "next");
  return {
    ...folders,
    disks: { ...folders.disks, workspace: disk },
    images: { ...folders.images, workspace: image },
  };
};

/** Each of a disk's two forms, with where it is to be. */
const moves = async (
  from: { readonly disk: string; readonly image: string },
  to: { readonly disk: string; readonly image: string },
): Promise<void> => {
  for (const form of ["disk", "image"] as const) if (await exists(from[form])) await fs.rename(from[form], to[form]);
};

/**
 * Ends what was begun of replacing a workspace, in whatever way it was cut short: with the mark, the next one takes its
 * place; without, it is removed. Only for a sandbox whose disks are closed.
 */
export const settleReplacement = async (folders: SandboxFolders): Promise<void> => {
  const own = { disk: folders.disks.workspace, image: folders.images.workspace };
  const next = workspaceBeside(folders, "next");
  const former = workspaceBeside(folders, "former");
  if (await exists(markOf(folders))) {
    const isMoved = !(await exists(next.disk)) && !(await exists(next.image));
    if (!isMoved) {
      const isFormerMoved = (await exists(former.disk)) || (await exists(former.image));
      if (!isFormerMoved) await moves(own, former);
      await moves(next, own);
    }
    await fs.rm(markOf(folders), { force: true });
  }
  await removeBeside(folders, "next");
  await removeBeside(folders, "former");
};

/** Puts the next workspace, which is whole and closed, in the place of the sandbox's own. */
export const replaceWorkspace = async (folders: SandboxFolders): Promise<void> => {
  const { image } = workspaceBeside(folders, "next");
  if (await exists(image)) await syncFile(image);
  await fs.writeFile(markOf(folders), "", { flush: true });
  await settleReplacement(folders);
};

/** The same at a host's start, for all that an earlier process has left. */
export const settleReplacements = async (folders: readonly SandboxFolders[]): Promise<void> => {
  for (const each of folders) await settleReplacement(each);
};
