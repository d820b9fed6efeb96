import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { HostError } from "../errors.ts";
import { codeOf, type HeldFolder, openFolder } from "./folder-walk.ts";

/** Folders are held by descriptor down to this many levels below the one that goes; what lies deeper is moved up first. */
const heldLevelsMax = 64;
/** How often a folder is emptied anew, because programs put things into it meanwhile; each time may take longer. */
const repeatsMax = 6;
/** How often it is emptied in all; deeper than this times the levels above no quota lets a folder be. */
const roundsMax = 8_192;

const isMissing = (error: unknown): boolean => codeOf(error) === "ENOENT";
const isFilled = (error: unknown): boolean => codeOf(error) === "ENOTEMPTY" || codeOf(error) === "EEXIST";

/** Empties `folder`, `levels` below `top`. What is too deep to be held goes into `top`, to be met there: true then. */
const emptyFolder = async (folder: HeldFolder, top: HeldFolder, levels: number): Promise<boolean> => {
  let hasMoved = false;
  for (const child of await fs.readdir(folder.self, { withFileTypes: true })) {
    const entry = folder.entry(child.name);
    try {
      if (!child.isDirectory()) await fs.unlink(entry);
      else if (levels < heldLevelsMax) hasMoved = (await removeInner(folder, child.name, top, levels + 1)) || hasMoved;
      else {
        await fs.rename(entry, top.entry(randomUUID()));
        hasMoved = true;
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return hasMoved;
};

/** False where the folder is not empty any more. */
const removeEmpty = async (path: string): Promise<boolean> => {
  try {
    await fs.rmdir(path);
  } catch (error) {
    if (isFilled(error)) return false;
    throw error;
  }
  return true;
};

const removeInner = async (parent: HeldFolder, name: string, top: HeldFolder, levels: number): Promise<boolean> => {
  const folder = await openFolder(parent.entry(name));
  const hasMoved = await emptyFolder(folder, top, levels).finally(folder.close);
  // One that was filled meanwhile keeps its parents from being empty, and is met again.
  await removeEmpty(parent.entry(name));
  return hasMoved;
};

const removeFolder = async (parent: HeldFolder, name: string): Promise<void> => {
  const folder = await openFolder(parent.entry(name));
  try {
    let repeats = 0;
    for (let rounds = 0; rounds < roundsMax && repeats < repeatsMax; rounds += 1) {
      if (!(await emptyFolder(folder, folder, 0))) repeats += 1;
      if (await removeEmpty(parent.entry(name))) return;
    }
  } finally {
    await folder.close();
  }
  throw new HostError("Conflict", "Programs in the sandbox keep adding to the folder, so only a part of it is gone.");
};

/**
 * Removes a file, a link or a folder with everything in it, by descriptor all the way down: no link that appears
 * meanwhile leads anywhere else, and no depth is too deep. A removal that fails leaves the rest under the same name, so
 * that it can be asked for again.
 */
export const removeEntry = async (parent: HeldFolder, name: string): Promise<void> => {
  const stat = await fs.lstat(parent.entry(name));
  if (stat.isDirectory()) await removeFolder(parent, name);
  else await fs.unlink(parent.entry(name));
};
