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
