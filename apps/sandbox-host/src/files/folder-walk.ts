import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { HostError, notFound, pathRejected } from "../errors.ts";

/** `O_PATH` of Linux, which Node does not name. */
const openPath = 0o10000000;
const folderFlags = openPath | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A folder held by descriptor: whatever is renamed or linked meanwhile, it stays the same folder. */
export interface HeldFolder {
  /** Path of an entry of the folder. Good for calls that do not follow a link in the last place. */
  entry(name: string): string;
  /** Path of the folder itself. */
  readonly self: string;
  close(): Promise<void>;
}

const hold = (handle: fs.FileHandle): HeldFolder => ({
  entry: (name) => `/proc/self/fd/${handle.fd}/${name}`,
  self: `/proc/self/fd/${handle.fd}`,
  close: () => handle.close(),
});

export const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

/** Names what went wrong without naming where on the host. Throws errors that are not the caller's doing. */
export const refusalOf = (error: unknown): Error => {
  switch (codeOf(error)) {
    case "ENOENT":
      return notFound("No such file in the workspace.");
    case "ELOOP":
      return pathRejected("The path goes through a symbolic link.");
    case "ENOTDIR":
      return pathRejected("A part of the path is not a folder.");
    case "ENOSPC":
    case "EDQUOT":
      return new HostError("QuotaExceeded", "The workspace is full.");
    case "EACCES":
    case "EPERM":
      return pathRejected("The file system does not allow this.");
    case "EEXIST":
    case "ENOTEMPTY":
      return new HostError("VersionConflict", "There is something of this name already.");
    case "EINVAL":
      return pathRejected("A folder can't be moved into itself.");
    case "ENAMETOOLONG":
      return pathRejected("The path is too long.");
    default:
      return error instanceof Error ? error : new Error("A file could not be reached.", { cause: error });
  }
};

export const openFolder = async (path: string): Promise<HeldFolder> => hold(await fs.open(path, folderFlags));

/**
 * Opens folder after folder, each by its name in the one before, and follows no link on the way: what `openat2` with
 * RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS guarantees. `onMissing` may make a missing folder.
 */
export const walk = async (
  root: string,
  segments: readonly string[],
  onMissing?: (path: string) => Promise<void>,
): Promise<HeldFolder> => {
  let folder = await openFolder(root);
  for (const segment of segments) {
    const path = folder.entry(segment);
    try {
      const next = await openFolder(path).catch(async (error: unknown) => {
        if (onMissing === undefined || codeOf(error) !== "ENOENT") throw error;
        await onMissing(path);
        return openFolder(path);
      });
      await folder.close();
      folder = next;
    } catch (error) {
      await folder.close();
      throw refusalOf(error);
    }
  }
  return folder;
};
