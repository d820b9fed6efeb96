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
  readProgress,
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
/** Room for what a restore of ten minutes says of its progress. */
const progressLengthMax = 16_384;
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

interface RunOptions {
  readonly signal: AbortSignal;
  readonly repository?: string;
  readonly onOutput?: (text: string) => void;
}

/** Saves a sandbox's workspace and OpenCode's state, and brings them back. See docs/decisions/0047. */
export class LocalSnapshots {
  readonly #options: SnapshotOptions;
  readonly #folders: SnapshotFolders;
  readonly #saves = new Map<SandboxName, number>();
  readonly #steps = new Map<SandboxName, string>();

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
      storeMibMax: settings.mibMax,
      isThinned: (await this.#folders.hasAny(name)) && (isTooMuch || saves % savesPerThinning === savesPerThinning - 1),
    });
    const end = await this.#run(sandbox, "read", ["sh", "-c", script], { signal, repository });
    if (end.code === scriptExit.tooLarge) {
      throw new HostError(
        "QuotaExceeded",
        `The files are larger than ${config.diskLimits.mib * 2} MiB, holes included.`,
      );
    }
    if (end.code === scriptExit.overQuota) {
      throw new HostError(
        "QuotaExceeded",
        `The newest snapshot alone takes more than ${settings.mibMax} MiB, which is all that one computer may keep. It stays.`,
      );
    }
    const summary = madeCodes.includes(end.code) ? readSummary(end.output) : undefined;
    if (summary === undefined) throw this.#failure("The files couldn't be written to the store.", end);
    this.#saves.set(name, saves + 1);
    const bytes = await this.#folders.bytesOf(name);
    log.info({ event: "snapshot.saved", sandbox: name, bytes, addedBytes: summary.addedBytes }, "a sandbox was saved");
    return { id: summary.id, at: now(), bytes, ...(end.code === 3 ? { warning: incomplete } : {}) };
  }

  /** How far the restore of a sandbox is, as a sentence; undefined where none is under way. */
  stepOf(name: SandboxName): string | undefined {
    return this.#steps.get(name);
  }

  /** What was saved is kept under another name, and from now on there is nothing. */
  async putAside(name: SandboxName): Promise<void> {
    this.#saves.delete(name);
    await this.#folders.putAside(name, this.#options.now());
    this.#options.log.warn({ event: "snapshot.put_aside", sandbox: name }, "what was saved of a sandbox was put aside");
  }

  /**
   * Brings the newest snapshot back into disks that are empty. Rejects with StoreUnavailable where that can't be done at
   * another time either.
   */
  async restore(sandbox: OpenSandbox, parts: readonly RestoredPart[], signal: AbortSignal): Promise<void> {
    const { name, user } = sandbox;
    const repository = await this.#folders.prepare(name, user);
    let printed = "";
    const onOutput = (text: string): void => {
      printed = (printed + text).slice(-progressLengthMax);
      const percent = readProgress(printed);
      if (percent !== undefined) this.#steps.set(name, `Bringing back your saved files: ${percent} %.`);
    };
    const command = ["sh", "-c", restoreScript(parts)] as const;
    this.#steps.set(name, "Bringing back your saved files.");
    const end = await this.#run(sandbox, "write", command, { signal, repository, onOutput }).finally(() =>
      this.#steps.delete(name),
    );
    if (end.code !== 0) {
      const failure = this.#failure("The saved files couldn't be brought back.", end);
      throw failure.tag === "SandboxUnavailable" ? new HostError("StoreUnavailable", failure.message) : failure;
    }
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
    { signal, repository, onOutput }: RunOptions,
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
      ...(onOutput === undefined ? {} : { onOutput }),
      signal,
    });
  }
}
