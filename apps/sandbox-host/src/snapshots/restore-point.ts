import type { SandboxName } from "@threadbox/contracts/ids";
import { beginningId } from "@threadbox/contracts/point-limits";
import type { RestorePoint } from "@threadbox/contracts/points";
import type { SandboxDisks } from "../engines/local/disks/sandbox-disks.ts";
import type { HostUser } from "../engines/local/host-user.ts";
import type { SandboxFolders } from "../engines/local/sandbox-folders.ts";
import { HostError } from "../errors.ts";
import type { LocalSnapshots } from "./local-snapshots.ts";
import { nextWorkspace, replaceWorkspace, settleReplacement } from "./replaced-workspace.ts";

const restoreMsMax = 10 * 60_000;

export interface RestorePointOptions {
  readonly name: SandboxName;
  readonly folders: SandboxFolders;
  readonly user: HostUser | undefined;
  readonly snapshots: LocalSnapshots;
  /** Opens the disks that lie in these folders. Nobody else has hold of the sandbox's. */
  readonly open: (folders: SandboxFolders) => Promise<SandboxDisks>;
  /** Bytes that may still be written to the machine's disk. */
  readonly freeBytes: () => Promise<number>;
  readonly point: RestorePoint;
  readonly signal: AbortSignal;
}

const within = async <A>(opening: Promise<SandboxDisks>, act: (disks: SandboxDisks) => Promise<A>): Promise<A> => {
  const disks = await opening;
  try {
    return await act(disks);
  } finally {
    await disks.close();
  }
};

/**
 * Puts a point's files in the place of a workspace's, which are a point themselves by then. They are put together beside it
 * and take its place in one step: whatever cuts this short, the workspace is the one or the other.
 */
export const restorePoint = async (options: RestorePointOptions): Promise<void> => {
  const { name, folders, user, snapshots, open, point } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(restoreMsMax)]);
  await settleReplacement(folders);
  const target = await snapshots.findPoint({ name, user }, point.id);
  if ((await options.freeBytes()) < target.bytes) {
    throw new HostError("QuotaExceeded", "The machine's disk is nearly full.");
  }
  const cause = { cause: "restore", ...(point.after === undefined ? {} : { after: point.after }) } as const;
  await snapshots.steps.during(name, "Saving the files that are there now", () =>
    within(open(folders), (disks) => snapshots.save({ name, user, disks }, { signal, point: cause, keepsAll: true })),
  );
  try {
    await within(open(nextWorkspace(folders)), async (disks) => {
      if (target.id !== beginningId) await snapshots.restorePoint({ name, user, disks }, target, signal);
    });
    signal.throwIfAborted();
    await replaceWorkspace(folders);
  } catch (error) {
    // With nothing marked, this removes what was put together.
    await settleReplacement(folders);
    throw error;
  }
};
