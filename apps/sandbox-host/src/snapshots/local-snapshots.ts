import type { SandboxName } from "@threadbox/contracts/ids";
import type { HostedPoint, OriginPoint, PointChanges, SavePoint } from "@threadbox/contracts/points";
import type { SavedSnapshot } from "@threadbox/contracts/sandbox";
import type { Logger } from "pino";
import type { Config, SnapshotSettings } from "../config.ts";
import type { LocalMachine } from "../engines/local/local-machine.ts";
import { HostError } from "../errors.ts";
import { LocalPoints } from "./local-points.ts";
import {
  copyDatabaseCommand,
  type RestoredPart,
  readProgress,
  readSummary,
  restorePointScript,
  restoreScript,
  saveScript,
  scriptExit,
} from "./restic.ts";
import { SnapshotFolders } from "./snapshot-folders.ts";
import { type ClosedSandbox, type OpenSandbox, SnapshotJail } from "./snapshot-jail.ts";
import type { StartSteps } from "./start-steps.ts";

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
  readonly steps: StartSteps;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface SaveOptions {
  readonly signal: AbortSignal;
  readonly point: SavePoint;
  /** No old snapshot is given up for it, and somebody waits for it. */
  readonly keepsAll?: boolean;
}

interface BringBack {
  readonly repository: string;
  readonly repositoryOf: SandboxName;
  readonly script: string;
  /** What is said of it meanwhile. */
  readonly words: string;
  readonly signal: AbortSignal;
}

/** Saves a sandbox's workspace and OpenCode's state, and brings them back. See docs/decisions/0047. */
export class LocalSnapshots {
  readonly #options: SnapshotOptions;
  readonly #folders: SnapshotFolders;
  readonly #jail: SnapshotJail;
  readonly #points: LocalPoints;
  readonly #saves = new Map<SandboxName, number>();

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#folders = new SnapshotFolders(options.settings);
    this.#jail = new SnapshotJail({ ...options, folders: this.#folders });
    this.#points = new LocalPoints(this.#jail, this.#folders);
  }

  get steps(): StartSteps {
    return this.#options.steps;
  }

  has(name: SandboxName): Promise<boolean> {
    return this.#folders.hasAny(name);
  }

  async remove(name: SandboxName): Promise<void> {
    this.#saves.delete(name);
    this.#points.forget(name);
    await this.#folders.remove(name);
  }

  /**
   * One at a time for each sandbox. Rejects with a sentence for people; what was saved before stays, whatever its size, where
   * `keepsAll` says so.
   */
  async save(sandbox: OpenSandbox, { signal, point, keepsAll = false }: SaveOptions): Promise<SavedSnapshot> {
    const { name, user } = sandbox;
    const { config, settings, log, now } = this.#options;
    if ((await this.#folders.freeBytes()) < config.diskReserveMib * mib) {
      throw new HostError("QuotaExceeded", "The machine's disk is nearly full.");
    }
    const saves = this.#saves.get(name) ?? 0;
    const isTooMuch = (await this.#folders.bytesOf(name)) > settings.mibMax * mib;
    const copied = await this.#jail.run(sandbox, { access: "write", command: copyDatabaseCommand, signal });
    if (copied.code !== 0) throw this.#jail.failure("OpenCode's state couldn't be read.", copied);
    const repository = await this.#folders.prepare(name, user);
    const isDue = isTooMuch || saves % savesPerThinning === savesPerThinning - 1;
    const script = saveScript({
      point,
      mibMax: config.diskLimits.mib * 2,
      storeMibMax: settings.mibMax,
      isThinned: !keepsAll && isDue && (await this.#folders.hasAny(name)),
    });
    const command = ["sh", "-c", script] as const;
    const end = await this.#jail.run(sandbox, { access: "read", command, signal, repository, isPatient: !keepsAll });
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
    if (summary === undefined) throw this.#jail.failure("The files couldn't be written to the store.", end);
    this.#saves.set(name, saves + 1);
    const bytes = await this.#folders.bytesOf(name);
    log.info({ event: "snapshot.saved", sandbox: name, bytes, addedBytes: summary.addedBytes }, "a sandbox was saved");
    return { id: summary.id, at: now(), bytes, ...(end.code === 3 ? { warning: incomplete } : {}) };
  }

  /** What was saved is kept under another name, and from now on there is nothing. */
  async putAside(name: SandboxName): Promise<void> {
    this.#saves.delete(name);
    await this.#folders.putAside(name, this.#options.now());
    this.#options.log.warn({ event: "snapshot.put_aside", sandbox: name }, "what was saved of a sandbox was put aside");
  }

  /** The points that are kept, the newest first. */
  points(sandbox: ClosedSandbox): Promise<readonly HostedPoint[]> {
    return this.#points.list(sandbox);
  }

  findPoint(sandbox: ClosedSandbox, id: string): Promise<HostedPoint> {
    return this.#points.find(sandbox, id);
  }

  compare(sandbox: OpenSandbox, id: string): Promise<PointChanges> {
    return this.#points.compare(sandbox, id);
  }

  /** Brings a point's workspace into an empty one. */
  async restorePoint(sandbox: OpenSandbox, point: HostedPoint, signal: AbortSignal): Promise<void> {
    const script = restorePointScript(point.id, point.bytes);
    await this.#restore(sandbox, script, "Restoring the files", signal);
    this.#options.log.info(
      { event: "snapshot.restored", sandbox: sandbox.name, point: point.id },
      "a point was restored",
    );
  }

  /**
   * Brings the newest snapshot back into disks that are empty. Rejects with StoreUnavailable where that can't be done at
   * another time either.
   */
  async restore(sandbox: OpenSandbox, parts: readonly RestoredPart[], signal: AbortSignal): Promise<void> {
    await this.#restore(sandbox, restoreScript(parts), "Bringing back your saved files", signal);
    const { name } = sandbox;
    this.#options.log.info({ event: "snapshot.restored", sandbox: name, parts }, "a sandbox was brought back");
  }

  /** Fills empty disks with another sandbox's point. Rejects with StoreUnavailable where that is not kept. */
  async restoreFrom(sandbox: OpenSandbox, origin: OriginPoint, signal: AbortSignal): Promise<void> {
    const { name } = sandbox;
    const { config } = this.#options;
    if (!(await this.#folders.snapshotsOf(origin.name)).includes(origin.id))
      throw new HostError("StoreUnavailable", "The point that this thread begins with isn't kept any more.");
    const bytes = await this.#folders.bytesOf(origin.name);
    if ((await this.#folders.freeBytes()) < config.diskReserveMib * mib + bytes)
      throw new HostError("QuotaExceeded", "The machine's disk is nearly full.");
    await this.#folders.borrow(origin.name, origin.id, sandbox, (repository) =>
      this.#bringBack(sandbox, {
        repository,
        repositoryOf: origin.name,
        script: restoreScript(["workspace", "home"], origin.id),
        words: "Bringing the files of that moment",
        signal,
      }),
    );
    this.#options.log.info({ event: "snapshot.lent", sandbox: name, point: origin.id }, "a point was brought");
  }

  async #restore(sandbox: OpenSandbox, script: string, words: string, signal: AbortSignal): Promise<void> {
    const { name, user } = sandbox;
    const repository = await this.#folders.prepare(name, user);
    await this.#bringBack(sandbox, { repository, repositoryOf: name, script, words, signal });
  }

  async #bringBack(sandbox: OpenSandbox, { script, words, ...given }: BringBack): Promise<void> {
    const { name } = sandbox;
    let printed = "";
    const onOutput = (text: string): void => {
      printed = (printed + text).slice(-progressLengthMax);
      const percent = readProgress(printed);
      if (percent !== undefined) this.#options.steps.set(name, `${words}: ${percent} %.`);
    };
    const command = ["sh", "-c", script] as const;
    this.#options.steps.set(name, `${words}.`);
    const run = { access: "write", command, onOutput, ...given } as const;
    const end = await this.#jail.run(sandbox, run).finally(() => this.#options.steps.end(name));
    if (end.code === 0) return;
    const failure = this.#jail.failure("The saved files couldn't be brought back.", end);
    throw failure.tag === "SandboxUnavailable" ? new HostError("StoreUnavailable", failure.message) : failure;
  }
}
