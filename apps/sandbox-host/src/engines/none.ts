import type { EngineStates } from "@threadbox/contracts/sandbox-host";
import { sandboxUnavailable } from "../errors.ts";
import type { SandboxEngine } from "./engine.ts";

/** Stands in where the machine can run no sandbox; every start is refused with the reason. */
export const noEngine = (
  reason: string,
  states: EngineStates = { local: { available: false, reason }, docker: { available: false, reason } },
): SandboxEngine => ({
  kind: "none",
  reason,
  states: async () => states,
  disks: "folders",
  reap: async () => {},
  start: () => Promise.reject(sandboxUnavailable(reason)),
  openWorkspace: async () => undefined,
  measureFiles: async () => 0,
  countFolders: async () => [],
  stepOf: () => undefined,
  save: () => Promise.reject(sandboxUnavailable(reason)),
  listPoints: async () => [],
  comparePoint: () => Promise.reject(sandboxUnavailable(reason)),
  abandonSaves: async () => {},
  removeFiles: async () => {},
});
