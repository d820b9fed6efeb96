import * as fs from "node:fs";
import * as path from "node:path";
import type { SupervisorStart } from "./protocol.ts";

/**
 * Puts the files of a start in place of whatever an earlier one has left there. On a disk that takes no more, the old file
 * is gone all the same, and OpenCode starts without it.
 */
export const writeStartFiles = (home: string, files: SupervisorStart["files"]): void => {
  for (const file of files) {
    const at = path.join(home, file.path);
    try {
      fs.rmSync(at, { recursive: true, force: true });
      fs.mkdirSync(path.dirname(at), { recursive: true, mode: 0o700 });
      // Exclusive: nothing is written through a link that stands in its place.
      fs.writeFileSync(at, file.content, { mode: 0o600, flag: "wx" });
    } catch (error) {
      process.stderr.write(`A file of the start couldn't be written: ${error instanceof Error ? error.message : ""}\n`);
    }
  }
};
