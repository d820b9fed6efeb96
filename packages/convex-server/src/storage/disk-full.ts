import { statfsSync } from "node:fs";
import { Fault } from "../faults.ts";

/** Below this a write that failed is taken to have failed for want of room. */
const roomBytesMin = 1 << 20;

const sqliteFull = 13;
/** Input and output failed, or a file could not be opened: on a full disk these are what some of its writes end with. */
const sqliteMayBeFull = [10, 14];

const hasRoom = (folder: string): boolean => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= roomBytesMin;
  } catch {
    return true;
  }
};

const isWrittenFull = (thrown: unknown): boolean => Reflect.get(Object(thrown), "code") === "ENOSPC";

/** What a start has thrown, in words for whoever starts the server where the disk of `folder` has no room. */
export const explainFullDisk = (thrown: unknown, folder: string): unknown =>
  isWrittenFull(thrown) || diskFullFault(thrown, folder) !== null
    ? new Error(`The disk of ${folder} is full. Make room, and start the server again.`, { cause: thrown })
    : thrown;

/** What was thrown, in words for the caller where there is no room left on the disk of `folder`; otherwise null. */
export const diskFullFault = (thrown: unknown, folder: string): Fault | null => {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, "errcode") : undefined;
  if (typeof code !== "number") return null;
  const kind = code & 0xff;
  const isFull = kind === sqliteFull || (sqliteMayBeFull.includes(kind) && !hasRoom(folder));
  if (!isFull) return null;
  return new Fault(
    "DiskFull",
    "The server's disk is full, so nothing was written. It takes writes again when there is room.",
  );
};
