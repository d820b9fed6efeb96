import * as fs from "node:fs/promises";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { Logger } from "pino";

export interface DiskGuardOptions {
  /** Free bytes that sandboxes must leave to the machine. */
  readonly reserveBytes: number;
  /** Free bytes where sandboxes keep their files. */
  readonly freeBytes: () => Promise<number>;
  /** The running sandboxes, with a way to measure what each keeps on disk. */
  readonly sandboxes: () => readonly { readonly name: SandboxName; readonly measure: () => Promise<number> }[];
  readonly stop: (name: SandboxName, reason: string) => Promise<void>;
  readonly log: Logger;
}

export const freeBytesOf = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await fs.statfs(folder);
  return bavail * bsize;
};

/**
 * Ends the sandbox with the most bytes on disk when the machine runs out of room. A sandbox that keeps less than the
 * reserve is not the cause and is left alone. Resolves with the name of the one that was ended.
 */
export const guardDisk = async (options: DiskGuardOptions): Promise<SandboxName | undefined> => {
  if ((await options.freeBytes()) >= options.reserveBytes) return undefined;
  let largest: { readonly name: SandboxName; readonly bytes: number } | undefined;
  for (const { name, measure } of options.sandboxes()) {
    const bytes = await measure();
    if (bytes >= options.reserveBytes && bytes > (largest?.bytes ?? 0)) largest = { name, bytes };
  }
  if (largest === undefined) return undefined;
  const megabytes = Math.round(largest.bytes / 1024 / 1024);
  options.log.warn({ event: "disk.guarded", sandbox: largest.name, megabytes }, "a sandbox filled the disk");
  await options.stop(largest.name, `The sandbox filled the disk (${megabytes} MB).`);
  return largest.name;
};

const intervalMs = 2_000;

/** Looks every two seconds, one look at a time. Returns the end of it. */
export const watchDisk = (options: DiskGuardOptions): (() => void) => {
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    guardDisk(options)
      .catch((error: unknown) =>
        options.log.error({ event: "disk.guard_failed", err: error }, "the disk was not looked at"),
      )
      .finally(() => {
        isLooking = false;
      });
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
};
