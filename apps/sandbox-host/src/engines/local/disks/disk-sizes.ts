import * as fs from "node:fs/promises";
import { type FolderSize, measureFolders } from "../../../files/measure.ts";
import type { CountedFolder } from "../../engine.ts";
import { diskNames, exists, type SandboxFolders } from "../sandbox-folders.ts";

/**
 * An ordinary user cannot look into folders that a program of the sandbox has closed, though they are its own. In a
 * user namespace of its own `du` may.
 */
const looksEverywhere = [
  ...["bwrap", "--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "CAP_DAC_READ_SEARCH"],
  ...["--dev-bind", "/", "/", "--"],
];

/** Who measures: only a machine with bubblewrap can let an ordinary user look everywhere. */
export interface Measurer {
  readonly isRoot: boolean;
  readonly canJail: boolean;
}

const measure = (paths: readonly string[], { isRoot, canJail }: Measurer): Promise<ReadonlyMap<string, FolderSize>> =>
  measureFolders(paths, isRoot || !canJail ? [] : looksEverywhere);

const names = { workspace: "workspace", home: "home folder", control: "control folder" } as const;

/** The folders of a sandbox that nothing but counting limits. */
export const countFolders = async (folders: SandboxFolders, measurer: Measurer): Promise<readonly CountedFolder[]> => {
  const candidates = { ...folders.disks, control: folders.control };
  const counted: (keyof typeof names)[] = measurer.isRoot ? [] : ["control"];
  for (const name of diskNames) if (!(await exists(folders.images[name]))) counted.push(name);
  if (counted.length === 0) return [];
  const sizes = await measure(
    counted.map((name) => candidates[name]),
    measurer,
  );
  return counted.map((name) => ({ folder: names[name], ...(sizes.get(candidates[name]) ?? { bytes: 0, files: 0 }) }));
};

const bytesPerBlock = 512;

/** Bytes that the sandbox's disks take on the machine's own. */
export const measureDisks = async (folders: SandboxFolders, measurer: Measurer): Promise<number> => {
  const images = await Promise.all(
    diskNames.map((name) =>
      fs.lstat(folders.images[name]).then(
        ({ blocks }) => blocks * bytesPerBlock,
        () => 0,
      ),
    ),
  );
  const counted = await countFolders(folders, measurer);
  return [...images, ...counted.map(({ bytes }) => bytes)].reduce((sum, bytes) => sum + bytes, 0);
};
