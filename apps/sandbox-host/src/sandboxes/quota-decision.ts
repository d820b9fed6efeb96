import type { DiskLimits } from "../config.ts";
import type { CountedFolder } from "../engines/engine.ts";

/** Bytes and files; of the machine's disk those that are free. */
export interface Room {
  readonly bytes: number;
  readonly files: number;
}

/** One count of a sandbox's folders. */
export interface Count {
  readonly folders: readonly CountedFolder[];
  /** What the machine had free when the count began. */
  readonly free: Room;
  /** When it began, and how long it took; milliseconds. */
  readonly at: number;
  readonly tookMs: number;
}

const mib = 1024 * 1024;
const restMs = 5_000;
/** Counting takes at most one part in so many of the time when nothing points to growth. */
const restShare = 50;
/** What a sandbox that was too full at its start may add: enough for OpenCode to work while it is cleaned up. */
const spare: Room = { bytes: 64 * mib, files: 1_000 };

const limitOf = ({ mib: size, files }: DiskLimits): Room => ({ bytes: size * mib, files });

/** What a folder may hold, given what it held when its sandbox started. */
const allowance = (began: Room | undefined, limits: DiskLimits): Room => {
  const limit = limitOf(limits);
  const one = (key: keyof Room): number =>
    began !== undefined && began[key] > limit[key] ? began[key] + spare[key] : limit[key];
  return { bytes: one("bytes"), files: one("files") };
};

/**
 * Whether a sandbox is to be counted again. It can only have grown past its limit if the machine has lost as much as
 * was missing; half of it is enough, and since others may have freed some, time is enough too.
 */
export const isCountDue = (last: Count | undefined, free: Room, limits: DiskLimits, now: number): boolean => {
  if (last === undefined) return true;
  if (now - last.at >= Math.max(restMs, last.tookMs * restShare)) return true;
  const limit = limitOf(limits);
  return last.folders.some((folder) =>
    (["bytes", "files"] as const).some((key) => {
      const missing = Math.max(limit[key] - folder[key], 0);
      const lost = last.free[key] - free[key];
      return lost > 0 && lost >= missing / 2;
    }),
  );
};

/** Why the sandbox must end, in one sentence; undefined while every folder is within its limit. */
export const findExcess = (
  first: readonly CountedFolder[],
  folders: readonly CountedFolder[],
  limits: DiskLimits,
): string | undefined => {
  for (const { folder, bytes, files } of folders) {
    const allowed = allowance(
      first.find((one) => one.folder === folder),
      limits,
    );
    if (bytes > allowed.bytes) return `The ${folder} is full (${limits.mib} MB).`;
    if (files > allowed.files) return `The ${folder} holds too many files (${limits.files}).`;
  }
  return undefined;
};
