import * as fs from "node:fs/promises";
import type { DiskLimits } from "../../../config.ts";
import { sandboxUnavailable } from "../../../errors.ts";
import type { HostUser } from "../host-user.ts";
import { type DiskName, type DiskPaths, diskNames, exists, own, type SandboxFolders } from "../sandbox-folders.ts";
import { createDiskImage } from "./disk-image.ts";
import { type DiskKind, decideDisk } from "./disk-kind.ts";
import type { DiskSupport } from "./disk-support.ts";
import { type ImageMounts, imageMountDirectory, mountImages } from "./image-mounts.ts";

/** The folder in an image that holds the sandbox's files; beside it lies what ext4 keeps for itself. */
const contents = "files";

/** Workspace and home of one sandbox, within reach until `close`. */
export interface SandboxDisks {
  /** For this process. */
  readonly paths: DiskPaths;
  /** For a launch that has entered `namespace`. */
  readonly sources: DiskPaths;
  /** Undefined where no image is mounted. */
  readonly namespace: string | undefined;
  /** The same after they have been moved to these folders. The former are of no use then. */
  movedTo(folders: SandboxFolders): SandboxDisks;
  close(): Promise<void>;
}

export interface DiskOptions {
  readonly support: DiskSupport;
  /** Whether new disks are images where that works. */
  readonly wantsImages: boolean;
  readonly limits: DiskLimits;
  readonly user: HostUser | undefined;
}

/** Which kind each disk of the sandbox is, or will be. Throws SandboxUnavailable for an image that cannot be mounted. */
const kindsOf = async (
  folders: SandboxFolders,
  { support, wantsImages }: DiskOptions,
): Promise<Readonly<Record<DiskName, DiskKind>>> => {
  const kinds: Record<DiskName, DiskKind> = { workspace: "folder", home: "folder" };
  const canMount = support.kind === "images";
  for (const name of diskNames) {
    const [hasImage, hasFolder] = await Promise.all([exists(folders.images[name]), exists(folders.disks[name])]);
    const kind = decideDisk({ hasImage, hasFolder, canMount, wantsImage: wantsImages });
    if (kind === undefined) {
      throw sandboxUnavailable("The sandbox's files are in a disk image, which this machine can't mount.");
    }
    kinds[name] = kind;
  }
  return kinds;
};

const prepareImages = async (
  names: readonly DiskName[],
  folders: SandboxFolders,
  limits: DiskLimits,
): Promise<ImageMounts | undefined> => {
  if (names.length === 0) return undefined;
  await Promise.all(
    names.map(async (name) => {
      if (!(await exists(folders.images[name]))) await createDiskImage(folders.images[name], limits);
    }),
  );
  return mountImages(Object.fromEntries(names.map((name) => [name, folders.images[name]])));
};

/** Opens the sandbox's disks and makes those that are missing. One sandbox's disks are opened once at a time. */
export const openSandboxDisks = async (folders: SandboxFolders, options: DiskOptions): Promise<SandboxDisks> => {
  const { limits, user } = options;
  await fs.mkdir(folders.kept, { recursive: true, mode: 0o700 });
  const kinds = await kindsOf(folders, options);
  const images = diskNames.filter((name) => kinds[name] === "image");
  const mounts = await prepareImages(images, folders, limits);
  const close = async () => mounts?.close();
  const within = (at: SandboxFolders): SandboxDisks => {
    const pathsFrom = (rootOf: (name: string) => string): DiskPaths => {
      const pathOf = (name: DiskName) => (kinds[name] === "image" ? `${rootOf(name)}/${contents}` : at.disks[name]);
      return { workspace: pathOf("workspace"), home: pathOf("home") };
    };
    return {
      paths: pathsFrom((name) => mounts?.rootOf(name) ?? ""),
      sources: pathsFrom((name) => `${imageMountDirectory}/${name}`),
      namespace: mounts?.namespace,
      movedTo: within,
      close,
    };
  };
  try {
    const disks = within(folders);
    for (const name of diskNames) await own(disks.paths[name], user);
    return disks;
  } catch (error) {
    await close();
    throw error;
  }
};
