import * as fs from "node:fs/promises";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { measureBytes } from "../../files/measure.ts";
import type { SandboxEngine } from "../engine.ts";
import { hostUserOf } from "./host-user.ts";
import type { LocalMachine } from "./local-machine.ts";
import { startLocalSandbox } from "./local-start.ts";
import { reapLeftovers } from "./reaper.ts";
import { sandboxFolders } from "./sandbox-folders.ts";

/** Sandboxes as jailed processes of this machine (bubblewrap). */
export const localEngine = (machine: LocalMachine, config: Config, log: Logger): SandboxEngine => {
  const foldersOf = (name: SandboxName) => sandboxFolders(config.stateDirectory, name);
  const degraded = "reason" in machine.controlGroups ? machine.controlGroups.reason : undefined;
  return {
    kind: "local",
    ...(degraded === undefined ? {} : { reason: `Sandboxes run without memory and CPU limits: ${degraded}.` }),
    reap: () => reapLeftovers(config.stateDirectory, log),
    start: (start, signal) =>
      startLocalSandbox({
        machine,
        config,
        folders: foldersOf(start.name),
        start,
        signal,
        log: log.child({ sandbox: start.name, generation: start.request.generation }),
      }),
    findWorkspace: async (name) => {
      const { workspace } = foldersOf(name);
      const isThere = await fs.lstat(workspace).then(
        (stat) => stat.isDirectory(),
        () => false,
      );
      if (!isThere) return undefined;
      return machine.isRoot ? { path: workspace, owner: hostUserOf(name, machine.idMap) } : { path: workspace };
    },
    measureFiles: (name) => measureBytes(foldersOf(name).kept),
    removeFiles: (name) => fs.rm(foldersOf(name).kept, { recursive: true, force: true, maxRetries: 3 }),
  };
};
