import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SandboxName } from "@threadbox/contracts/ids";
import { Schema } from "effect";
import type { HostUser } from "./host-user.ts";

/** What a sandbox keeps from start to start. */
export const diskNames = ["workspace", "home"] as const;
export type DiskName = (typeof diskNames)[number];

/** One path for each disk. */
export type DiskPaths = Readonly<Record<DiskName, string>>;

/** Where one sandbox's things lie below the state folder. */
export interface SandboxFolders {
  /** Kept from start to start. */
  readonly kept: string;
  /** Under which user it runs, where that doesn't follow from its name. */
  readonly user: string;
  /** A disk is one of these folders or one of these images. */
  readonly disks: DiskPaths;
  readonly images: DiskPaths;
  /** Of one start: sockets and the record for the reaper. */
  readonly run: string;
  readonly control: string;
  readonly controlSocket: string;
  readonly egressSocket: string;
  readonly record: string;
}

const isName = Schema.is(SandboxName);

/** Sandboxes that have left anything here. */
export const listSandboxes = async (state: string): Promise<readonly SandboxName[]> => {
  const entries: readonly string[] = await fs.readdir(path.join(state, "sandboxes")).catch(() => []);
  return entries.filter(isName);
};

/** Where what sandboxes that are nobody's have on their disks lies; nothing of it outlives the host. */
export const warmFolder = (state: string): string => path.join(state, "warm");

/** `kept` is elsewhere for a sandbox that is nobody's. */
export const sandboxFolders = (
  state: string,
  name: SandboxName,
  kept = path.join(state, "sandboxes", name),
): SandboxFolders => {
  const run = path.join(state, "run", name);
  const control = path.join(run, "control");
  return {
    kept,
    user: path.join(kept, "user"),
    disks: { workspace: path.join(kept, "workspace"), home: path.join(kept, "home") },
    images: { workspace: path.join(kept, "workspace.ext4"), home: path.join(kept, "home.ext4") },
    run,
    control,
    controlSocket: path.join(control, "control.sock"),
    egressSocket: path.join(run, "egress.sock"),
    record: path.join(run, "record.json"),
  };
};

/** A workspace that is being put together beside the sandbox's own, and where that goes when the new one takes its place. */
export const workspaceBeside = (
  { kept }: SandboxFolders,
  which: "next" | "former",
): { readonly disk: string; readonly image: string } => ({
  disk: path.join(kept, `workspace.${which}`),
  image: path.join(kept, `workspace.${which}.ext4`),
});

export const exists = (at: string): Promise<boolean> =>
  fs.lstat(at).then(
    () => true,
    () => false,
  );

/** False when the sandbox never had a workspace here. */
export const hasWorkspace = async ({ disks, images }: SandboxFolders): Promise<boolean> =>
  (await exists(images.workspace)) || (await exists(disks.workspace));

/** Makes the folder its owner's without following a link that stands in its place. */
export const own = async (folder: string, user: HostUser | undefined): Promise<void> => {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  if (user === undefined) return;
  const handle = await fs.open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await handle.chown(user.uid, user.gid);
  } finally {
    await handle.close();
  }
};

/** Everything one start needs besides its disks; the folders of an earlier start's run are replaced. */
export const prepareFolders = async (folders: SandboxFolders, user: HostUser | undefined): Promise<void> => {
  await fs.rm(folders.run, { recursive: true, force: true });
  await fs.mkdir(folders.run, { recursive: true, mode: 0o700 });
  await own(folders.control, user);
};

/**
 * A short path of the same folder: a Unix socket's path may not be longer than 107 bytes, a state folder's may.
 * Good until `close`.
 */
export const openShortPath = async (
  folder: string,
): Promise<{ readonly path: string; readonly close: () => Promise<void> }> => {
  const handle = await fs.open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${handle.fd}`, close: () => handle.close() };
};
