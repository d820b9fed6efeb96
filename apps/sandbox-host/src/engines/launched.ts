import type { SandboxName } from "@threadbox/contracts/ids";
import type { RunningSandbox } from "./engine.ts";
import type { SandboxDisks } from "./local/disks/sandbox-disks.ts";
import type { Freezer } from "./local/freezer.ts";
import type { HostUser } from "./local/host-user.ts";
import type { Jail } from "./local/launch.ts";
import type { SandboxFolders } from "./local/sandbox-folders.ts";
import type { Undo } from "./undo.ts";

/** What is there before the first process of a start. */
export interface LaunchRequest {
  readonly name: SandboxName;
  readonly folders: SandboxFolders;
  /** They may be moved while it runs: this tells where they are. */
  readonly disks: () => SandboxDisks;
  readonly user: HostUser | undefined;
  /** Takes what is to be undone once nothing of the start runs, or where it comes to nothing. */
  readonly undo: Undo;
}

/** The supervisor of a sandbox, shut in, and what its engine knows from outside. */
export interface Launched {
  readonly jail: Jail;
  readonly freezer: Freezer;
  /** Processes that the kernel has killed for want of memory; asked once it has ended. */
  countOomKills(): Promise<number>;
  readonly trial: RunningSandbox["trial"];
}

/** The one thing that engines do each in their own way; disks, egress, OpenCode and what is asked of it are common to all. */
export type LaunchSandbox = (request: LaunchRequest) => Promise<Launched>;
