import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import { beginningId } from "@threadbox/contracts/point-limits";
import type { OriginPoint } from "@threadbox/contracts/points";
import type { SandboxDisks } from "../engines/local/disks/sandbox-disks.ts";
import type { HostUser } from "../engines/local/host-user.ts";
import {
  type DiskName,
  diskNames,
  exists,
  hasWorkspace,
  type SandboxFolders,
} from "../engines/local/sandbox-folders.ts";
import { HostError } from "../errors.ts";
import { openFolder } from "../files/folder-walk.ts";
import { removeEntry } from "../files/remove-entry.ts";
import type { LocalSnapshots } from "./local-snapshots.ts";

const restoreTimeoutMs = 10 * 60_000;

/** There from before the first file is brought back until after the last one: what it stands beside is not whole. */
const markOf = ({ kept }: SandboxFolders): string => path.join(kept, "restoring");

const missingDisks = async ({ disks, images }: SandboxFolders): Promise<readonly DiskName[]> => {
  const missing: DiskName[] = [];
  for (const name of diskNames) {
    if (!(await exists(images[name])) && !(await exists(disks[name]))) missing.push(name);
  }
  return missing;
};

const isDiskName = (name: string): name is DiskName => (diskNames as readonly string[]).includes(name);

/** Removes what an attempt has brought back that was cut short. */
const removeHalf = async (folders: SandboxFolders): Promise<void> => {
  const marked = await fs.readFile(markOf(folders), "utf8").catch(() => "");
  for (const name of marked.split(" ").filter(isDiskName)) {
    await fs.rm(folders.images[name], { force: true });
    if (!(await exists(folders.disks[name]))) continue;
    const parent = await openFolder(folders.kept);
    await removeEntry(parent, name).finally(() => parent.close());
  }
};

/** Whether there are files that nothing has to be brought back for: only those can be saved, or looked at without a start. */
export const hasWholeWorkspace = async (folders: SandboxFolders): Promise<boolean> =>
  (await hasWorkspace(folders)) && !(await exists(markOf(folders)));

/** Where nothing can be brought back: rejects rather than begin empty what has been saved. */
export const requireDisks = async (
  name: SandboxName,
  folders: SandboxFolders,
  { snapshots, reason }: { readonly snapshots: Pick<LocalSnapshots, "has">; readonly reason: string },
): Promise<void> => {
  const isWhole = !(await exists(markOf(folders))) && (await missingDisks(folders)).length === 0;
  if (isWhole || !(await snapshots.has(name))) return;
  throw new HostError("StoreUnavailable", `The saved files can't be brought back: ${reason}.`);
};

/** Disks that are missing or half brought back are begun empty at the next opening. Those that are there stay. */
export const forgoRestore = async (
  name: SandboxName,
  folders: SandboxFolders,
  snapshots: Pick<LocalSnapshots, "putAside">,
): Promise<void> => {
  await removeHalf(folders);
  if ((await missingDisks(folders)).length === 0) return;
  await snapshots.putAside(name);
  await fs.rm(markOf(folders), { force: true });
};

export interface RestoredDisksOptions {
  readonly name: SandboxName;
  readonly folders: SandboxFolders;
  readonly user: HostUser | undefined;
  readonly snapshots: LocalSnapshots;
  readonly open: () => Promise<SandboxDisks>;
}

/** Fills the disks of a sandbox that has nothing yet, on disk or saved, with another's point. Cut short, it is begun anew. */
export const fillFromOrigin = async (options: RestoredDisksOptions, origin: OriginPoint): Promise<void> => {
  const { name, folders, user, snapshots, open } = options;
  if (origin.id === beginningId || (await snapshots.has(name))) return;
  await removeHalf(folders);
  const missing = await missingDisks(folders);
  if (missing.length < diskNames.length) return;
  await fs.mkdir(folders.kept, { recursive: true, mode: 0o700 });
  await fs.writeFile(markOf(folders), missing.join(" "));
  const disks = await open();
  try {
    await snapshots.restoreFrom({ name, disks, user }, origin, AbortSignal.timeout(restoreTimeoutMs));
    await fs.rm(markOf(folders));
  } finally {
    await disks.close();
  }
};

/** Opens a sandbox's disks. One that is missing is filled from the newest snapshot; one that is there is newer than that. */
export const openRestoredDisks = async (options: RestoredDisksOptions): Promise<SandboxDisks> => {
  const { name, folders, user, snapshots, open } = options;
  if (!(await snapshots.has(name))) return open();
  await removeHalf(folders);
  const missing = await missingDisks(folders);
  if (missing.length === 0) return open();
  await fs.mkdir(folders.kept, { recursive: true, mode: 0o700 });
  await fs.writeFile(markOf(folders), missing.join(" "));
  const disks = await open();
  try {
    await snapshots.restore({ name, disks, user }, missing, AbortSignal.timeout(restoreTimeoutMs));
    await fs.rm(markOf(folders));
    return disks;
  } catch (error) {
    await disks.close();
    throw error;
  }
};
