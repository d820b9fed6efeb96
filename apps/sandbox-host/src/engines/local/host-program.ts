import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

/** Where the host's own programs are looked for: bubblewrap and the tools that lead to it. */
export const hostProgramFolders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** All that the host's own programs see of its environment. */
export const hostProgramEnvironment = { PATH: hostProgramFolders.join(":"), LC_ALL: "C" };

const execute = promisify(execFile);

/** Runs one of the machine's programs to its end; rejects with what it said when it fails. */
export const runHostProgram = async ([program = "", ...argv]: readonly string[]): Promise<void> => {
  await execute(program, argv, { env: hostProgramEnvironment, cwd: "/" });
};

export const isOnPath = async (program: string): Promise<boolean> => {
  for (const folder of hostProgramFolders) {
    const isThere = await fs.access(path.join(folder, program), fs.constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
};
