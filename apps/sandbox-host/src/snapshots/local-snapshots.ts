import { fileURLToPath } from "node:url";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { SavedSnapshot } from "@threadbox/contracts/sandbox";
import type { Logger } from "pino";
import type { Config, SnapshotSettings } from "../config.ts";
import type { SandboxDisks } from "../engines/local/disks/sandbox-disks.ts";
import type { HostUser } from "../engines/local/host-user.ts";
import type { LocalMachine } from "../engines/local/local-machine.ts";
import { HostError, sandboxUnavailable } from "../errors.ts";
import {
  copyDatabaseCommand,
  type RestoredPart,
  readSummary,
  restoreScript,
  saveScript,
  scriptExit,
} from "./restic.ts";
import { type JailedEnd, runJailed } from "./run-jail.ts";
import { SnapshotFolders } from "./snapshot-folders.ts";
import { type SnapshotAccess, type SnapshotSources, snapshotProfile } from "./snapshot-profile.ts";

const programs = fileURLToPath(new URL("./inside", import.meta.url));
const mib = 1024 * 1024;
/** restic's exit codes of a snapshot that was made; in the second case a file could not be read, or had gone before it was. */
const madeCodes: readonly (number | null)[] = [0, 3];
const incomplete = "Some files couldn't be read while they were saved, or went away meanwhile: they are not in it.";
/** From so many saves on a host process thins a sandbox's snapshots. */
const savesPerThinning = 24;

export interface SnapshotOptions {
  readonly machine: LocalMachine;
  readonly config: Config;
  readonly settings: SnapshotSettings;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A sandbox whose files are within reach. */
export interface OpenSandbox {
  readonly name: SandboxName;
  readonly disks: Pick<SandboxDisks, "sources" | "namespace">;
  readonly user: HostUser | undefined;
}

/** Saves a sandbox's workspace and OpenCode's state, and brings them back. See docs/decisions/0047. */
export class LocalSnapshots {
  readonly #options: SnapshotOptions;
  readonly #folders: SnapshotFolders;
  readonly #saves = new Map<SandboxName, number>();

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#folders = new SnapshotFolders(options.settings);
  }

  has(name: SandboxName): Promise<boolean> {
    return this.#folders.hasAny(name);
  }

  async remove(name: SandboxName): Promise<void> {
    this.#saves.delete(name);
    await this.#folders.remove(name);
  }

  /** One at a time for each sandbox. Rejects with a sentence for people; what was saved before stays. */
  async save(sandbox: OpenSandbox, signal: AbortSignal): Promise<SavedSnapshot> {
    const { name, user } = sandbox;
    const { config, settings, log, now } = this.#options;
    if ((await this.#folders.freeBytes()) < config.diskReserveMib * mib) {
      throw new HostError("QuotaExceeded", "The machine's disk is nearly full.");
    }
    const saves = this.#saves.get(name) ?? 0;
    const isTooMuch = (await this.#folders.bytesOf(name)) > settings.mibMax * mib;
    const copied = await this.#run(sandbox, "write", copyDatabaseCommand, { signal });
    if (copied.code !== 0) throw this.#failure("OpenCode's state couldn't be read.", copied);
    const repository = await this.#folders.prepare(name, user);
    const script = saveScript({
      mibMax: config.diskLimits.mib * 2,
      isThinned: (await this.#folders.hasAny(name)) && (isTooMuch || saves % savesPerThinning === savesPerThinning - 1),
    });
    const end = await this.#run(sandbox, "read", ["sh", "-c", script], { signal, repository });
    if (end.code === scriptExit.tooLarge) {
      throw new HostError(
        "QuotaExceeded",
        `The files are larger than ${config.diskLimits.mib * 2} MiB, holes included.`,
      );
    }
    const summary = madeCodes.includes(end.code) ? readSummary(end.output) : undefined;
    if (summary === undefined) throw this.#failure("The files couldn't be written to the store.", end);
    this.#saves.set(name, saves + 1);
    const bytes = await this.#folders.bytesOf(name);
    log.info({ event: "snapshot.saved", sandbox: name, bytes, addedBytes: summary.addedBytes }, "a sandbox was saved");
    return { id: summary.id, at: now(), bytes, ...(end.code === 3 ? { warning: incomplete } : {}) };
  }

  /** Brings the newest snapshot back into disks that are empty. */
  async restore(sandbox: OpenSandbox, parts: readonly RestoredPart[], signal: AbortSignal): Promise<void> {
    const { name, user } = sandbox;
    const repository = await this.#folders.prepare(name, user);
    const end = await this.#run(sandbox, "write", ["sh", "-c", restoreScript(parts)], { signal, repository });
    if (end.code !== 0) throw this.#failure("The saved files couldn't be brought back.", end);
    this.#options.log.info({ event: "snapshot.restored", sandbox: name, parts }, "a sandbox was brought back");
  }

  #failure(reason: string, { code, complaint }: JailedEnd): HostError {
    this.#options.log.warn({ event: "snapshot.failed", code, said: complaint.trim() }, reason);
    if (/no space left on device/i.test(complaint)) return new HostError("QuotaExceeded", "The disk is full.");
    return sandboxUnavailable(reason);
  }

  #run(
    { name, disks, user }: OpenSandbox,
    access: SnapshotAccess,
    command: readonly [string, ...string[]],
    { signal, repository }: { readonly signal: AbortSignal; readonly repository?: string },
  ): Promise<JailedEnd> {
    const { machine, config } = this.#options;
    const sources: SnapshotSources = { ...machine, ...disks.sources, programs, ...(repository && { repository }) };
    return runJailed({
      profile: snapshotProfile(sources, access),
      command,
      limits: config.limits,
      user,
      namespace: disks.namespace,
      ...(repository === undefined ? {} : { stdin: `${this.#folders.passwordOf(name)}\n` }),
      isPatient: access === "read",
      signal,
    });
  }
}
