import type { LargestFiles } from "@threadbox/contracts/files";
import { sizeText } from "../../lib/size.ts";

/** How many are named to the agent. */
const namedMax = 10;

/** What the agent is asked when room runs short. Paths are data: each stands in quotes of its own. */
export const askForRoom = ({ files, disk }: LargestFiles): string => {
  const full = disk === null ? "" : ` (${sizeText(disk.usedBytes)} of ${sizeText(disk.sizeBytes)} are used)`;
  const named = files
    .slice(0, namedMax)
    .map(({ path, sizeBytes }) => `- ${JSON.stringify(path)}: ${sizeText(sizeBytes)}`);
  return [
    `Make room on this computer’s disk${full}: tell me which of these aren’t needed or can be made again, and delete them once I’ve agreed.`,
    "",
    ...named,
  ].join("\n");
};
