import { fileURLToPath } from "node:url";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { SandboxDisks } from "../engines/local/disks/sandbox-disks.ts";
import type { HostUser } from "../engines/local/host-user.ts";
import type { LocalMachine } from "../engines/local/local-machine.ts";
import { HostError, sandboxUnavailable } from "../errors.ts";
import { type JailedEnd, runJailed } from "./run-jail.ts";
import type { SnapshotFolders } from "./snapshot-folders.ts";
import { type SnapshotAccess, snapshotProfile } from "./snapshot-profile.ts";

const programs = fileURLToPath(new URL("./inside", import.meta.url));

/** A sandbox whose files are within reach. */
export interface OpenSandbox {
  readonly name: SandboxName;
  readonly disks: Pick<SandboxDisks, "sources" | "namespace">;
  readonly user: HostUser | undefined;
}

/** One whose snapshots alone are. */
export type ClosedSandbox = Pick<OpenSandbox, "name" | "user">;

export interface SnapshotRun {
  readonly access: SnapshotAccess;
  readonly command: readonly [string, ...string[]];
  readonly signal: AbortSignal;
  readonly repository?: string;
  /** Whose repository that is, where it is another's. */
  readonly repositoryOf?: SandboxName;
  /** Behind what people wait for. */
  readonly isPatient?: boolean;
  readonly onOutput?: (text: string) => void;
}

export interface SnapshotJailOptions {
  readonly machine: LocalMachine;
  readonly config: Config;
  readonly folders: SnapshotFolders;
  readonly log: Logger;
}

/** Runs what reads and writes snapshots, shut in with the files of one sandbox. */
export class SnapshotJail {
  readonly #options: SnapshotJailOptions;

  constructor(options: SnapshotJailOptions) {
    this.#options = options;
  }

  run(sandbox: OpenSandbox | ClosedSandbox, given: SnapshotRun): Promise<JailedEnd> {
    const { machine, config, folders } = this.#options;
    const { repository, repositoryOf = sandbox.name, access, ...run } = given;
    const disks = "disks" in sandbox ? sandbox.disks : undefined;
    const sources = { ...machine, ...disks?.sources, programs, ...(repository === undefined ? {} : { repository }) };
    return runJailed({
      isPatient: false,
      ...run,
      launch: machine.launch,
      profile: snapshotProfile(sources, access),
      limits: config.limits,
      user: sandbox.user,
      namespace: disks?.namespace,
      ...(repository === undefined ? {} : { stdin: `${folders.passwordOf(repositoryOf)}\n` }),
    });
  }

  /** What to say of a run that failed. */
  failure(reason: string, { code, complaint }: JailedEnd): HostError {
    this.#options.log.warn({ event: "snapshot.failed", code, said: complaint.trim() }, reason);
    if (/no space left on device/i.test(complaint)) return new HostError("QuotaExceeded", "The disk is full.");
    return sandboxUnavailable(reason);
  }
}
