import * as fs from "node:fs/promises";

/** Below it the next thing that is written fails, or soon one will. */
const partMin = 1 / 50;

/** Whether a file system of its own, with that folder in it, has hardly any bytes or files left. */
export const isNearlyFull = async (folder: string): Promise<boolean> => {
  const { bavail, blocks, ffree, files } = await fs.statfs(folder);
  return bavail < blocks * partMin || ffree < files * partMin;
};
