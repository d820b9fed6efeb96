import type { LargestFiles } from "@threadbox/contracts/files";
import { sizeText } from "../../lib/size.ts";

/** How many are named to the agent. */
const namedMax = 10;

/** What the agent is asked when room runs short. Paths are data: each stands in quotes of its own. */
export const askForRoom = ({ files, disk }: LargestFiles): string => {
  const full = disk === null ? "" : ` ${sizeText(disk.usedBytes)} of ${sizeText(disk.sizeBytes)} are used.`;
  const named = files
    .slice(0, namedMax)
    .map(({ path, sizeBytes }) => `- ${JSON.stringify(path)}: ${sizeText(sizeBytes)}`);
  return [
    `The disk of this computer is filling up.${full} Use less of it: tell me what of these isn't needed and can be made again, and delete it once I have agreed.`,
    "",
    ...named,
  ].join("\n");
};
