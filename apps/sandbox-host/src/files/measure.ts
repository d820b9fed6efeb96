import * as fs from "node:fs/promises";
import { type HeldFolder, openFolder } from "./folder-walk.ts";

const bytesPerBlock = 512;

const measureFolder = async (folder: HeldFolder): Promise<number> => {
  let bytes = 0;
  for await (const entry of await fs.opendir(folder.self)) {
    const path = folder.entry(entry.name);
    const stat = await fs.lstat(path).catch(() => undefined);
    bytes += (stat?.blocks ?? 0) * bytesPerBlock;
    if (!stat?.isDirectory()) continue;
    const inner = await openFolder(path).catch(() => undefined);
    if (inner === undefined) continue;
    try {
      bytes += await measureFolder(inner);
    } finally {
      await inner.close();
    }
  }
  return bytes;
};

/** Bytes on disk below a folder, following no link; what vanishes meanwhile is not counted. */
export const measureBytes = async (path: string): Promise<number> => {
  const folder = await openFolder(path);
  try {
    return await measureFolder(folder);
  } finally {
    await folder.close();
  }
};
