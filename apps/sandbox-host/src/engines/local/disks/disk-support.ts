import * as fs from "node:fs/promises";
import * as path from "node:path";
import { isOnPath } from "../host-program.ts";
import { createDiskImage } from "./disk-image.ts";
import { imageMountDirectory, mountImages } from "./image-mounts.ts";

/** Whether sandboxes get disk images; where not, a sentence's end that says why. */
export type DiskSupport = { readonly kind: "images" } | { readonly kind: "folders"; readonly reason: string };

const probeLimits = { mib: 16, files: 64 };

const tryImage = async (folder: string): Promise<void> => {
  const file = path.join(folder, "probe.ext4");
  await fs.mkdir(imageMountDirectory, { recursive: true, mode: 0o700 });
  await fs.rm(file, { force: true });
  try {
    await createDiskImage(file, probeLimits);
    const mounts = await mountImages({ probe: file });
    try {
      await fs.writeFile(`${mounts.rootOf("probe")}/written`, "");
    } finally {
      await mounts.close();
    }
  } finally {
    await fs.rm(file, { force: true });
  }
};

/** Finds out by trying: a container may have every program and no right to mount. */
export const findDiskSupport = async (folder: string, isRoot: boolean): Promise<DiskSupport> => {
  if (!isRoot) return { kind: "folders", reason: "mounting a disk image needs root" };
  if (!(await isOnPath("mkfs.ext4"))) {
    return { kind: "folders", reason: "mkfs.ext4 is not installed: apt-get install e2fsprogs" };
  }
  return tryImage(folder).then(
    () => ({ kind: "images" }),
    (error: unknown) => ({
      kind: "folders",
      reason: `this machine mounts no disk image (${error instanceof Error ? error.message : String(error)})`,
    }),
  );
};
