import type { BigIntStats } from "node:fs";
import * as fs from "node:fs/promises";
import { absentFile } from "@threadbox/contracts/files";
import { HostError } from "../errors.ts";
import { codeOf, type HeldFolder } from "./folder-walk.ts";

/** Another content, another version: a write makes a new file, and a program that changes one in place moves its time. */
export const versionOf = ({ ino, mtimeNs, size }: BigIntStats): string =>
  [ino, mtimeNs, size].map((number) => number.toString(36)).join("-");

const changed = () => new HostError("VersionConflict", "The file has changed since it was opened.");
const taken = () => new HostError("VersionConflict", "There is something of this name already.");

export const findStat = (path: string): Promise<BigIntStats | undefined> =>
  fs.lstat(path, { bigint: true }).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });

/** Throws VersionConflict where what is there is not what the caller expects; without an expectation anything may be. */
export const requireVersion = (existing: BigIntStats | undefined, expected: string | undefined): void => {
  if (expected === undefined) return;
  if (expected === absentFile) {
    if (existing !== undefined) throw taken();
    return;
  }
  if (existing === undefined || versionOf(existing) !== expected) throw changed();
};

/** A second name for the file, where there is none of it yet: the only way in which the system itself replaces nothing. */
const linkAnew = async (from: string, to: string): Promise<void> => {
  try {
    await fs.link(from, to);
  } catch (error) {
    throw codeOf(error) === "EEXIST" ? taken() : error;
  }
  await fs.unlink(from);
};

/** Makes a finished draft the file of that name, if what it replaces is still what the caller expects. */
export const putInPlace = async (draft: string, entry: string, expected: string | undefined): Promise<void> => {
  if (expected === absentFile) return linkAnew(draft, entry);
  requireVersion(await findStat(entry), expected);
  await fs.rename(draft, entry);
};

/** Moves an entry from folder to folder. Replaces nothing. */
export const moveEntry = async (from: HeldFolder, name: string, to: HeldFolder, target: string): Promise<void> => {
  const [source, goal] = [from.entry(name), to.entry(target)];
  const stat = await fs.lstat(source);
  if (stat.isFile()) return linkAnew(source, goal);
  if ((await findStat(goal)) !== undefined) throw taken();
  await fs.rename(source, goal);
};
