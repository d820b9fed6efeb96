import * as fs from "node:fs/promises";
import type { SandboxName } from "@threadbox/contracts/ids";
import { type HostUser, hostUserOf } from "./host-user.ts";
import type { LocalMachine } from "./local-machine.ts";
import type { SandboxFolders } from "./sandbox-folders.ts";

/**
 * The user under which a sandbox runs, and who owns its files. One that was started before it had its name keeps the user that it
 * was started with. Undefined where the host can't give it one.
 */
export const keptUserOf = async (
  { isRoot, idMap }: LocalMachine,
  name: SandboxName,
  folders: SandboxFolders,
): Promise<HostUser | undefined> => {
  if (!isRoot) return undefined;
  const kept = Number.parseInt(await fs.readFile(folders.user, "utf8").catch(() => ""), 10);
  return Number.isSafeInteger(kept) && kept > 0 ? { uid: kept, gid: kept } : hostUserOf(name, idMap);
};

/** To be called before the sandbox gets its name. */
export const keepUser = async (folders: SandboxFolders, user: HostUser | undefined): Promise<void> => {
  if (user !== undefined) await fs.writeFile(folders.user, String(user.uid), { mode: 0o600 });
};
