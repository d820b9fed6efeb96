import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Loop devices whose files lie below the folder. */
export const loopDevicesOf = async (folder: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const device of await fs.readdir("/sys/block").catch(() => [])) {
    const file = await fs.readFile(path.join("/sys/block", device, "loop/backing_file"), "utf8").catch(() => "");
    if (file.startsWith(folder)) found.push(device);
  }
  return found;
};
