import type { SandboxName } from "@threadbox/contracts/ids";
import { beginningId } from "@threadbox/contracts/point-limits";
import { HostedPoint, PointChanges } from "@threadbox/contracts/points";
import { Result, Schema } from "effect";
import { type HostError, notFound } from "../errors.ts";
import { compareNothing, compareScript, listScript } from "./restic.ts";
import type { SnapshotFolders } from "./snapshot-folders.ts";
import type { ClosedSandbox, OpenSandbox, SnapshotJail } from "./snapshot-jail.ts";

const lookMsMax = 60_000;

const decodePoints = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Array(HostedPoint)));
const decodeChanges = Schema.decodeUnknownResult(Schema.fromJsonString(PointChanges));

interface Known {
  /** The names of the snapshots, which tell whether the list is still true. */
  readonly of: string;
  readonly points: readonly HostedPoint[];
}

export const notKept = (): HostError => notFound("This point isn't kept any more.");

/** A point with no files. */
const beginning: HostedPoint = { id: beginningId, at: 0, cause: "use", bytes: 0 };

/** What was saved of sandboxes, to be looked at. */
export class LocalPoints {
  readonly #jail: SnapshotJail;
  readonly #folders: SnapshotFolders;
  readonly #known = new Map<SandboxName, Known>();

  constructor(jail: SnapshotJail, folders: SnapshotFolders) {
    this.#jail = jail;
    this.#folders = folders;
  }

  forget(name: SandboxName): void {
    this.#known.delete(name);
  }

  /** The newest first. */
  async list(sandbox: ClosedSandbox): Promise<readonly HostedPoint[]> {
    const { name } = sandbox;
    if (!(await this.#folders.hasAny(name))) return [];
    const of = (await this.#folders.snapshotsOf(name)).join(" ");
    const known = this.#known.get(name);
    if (known?.of === of) return known.points;
    const end = await this.#jail.run(sandbox, {
      access: "read",
      command: ["bash", "-c", listScript],
      signal: AbortSignal.timeout(lookMsMax),
      repository: this.#folders.pathOf(name),
    });
    const read = decodePoints(end.code === 0 ? end.output : "");
    if (Result.isFailure(read)) throw this.#jail.failure("What was saved couldn't be read.", end);
    this.#known.set(name, { of, points: read.success });
    return read.success;
  }

  /** Rejects with NotFound where it isn't kept. */
  async find(sandbox: ClosedSandbox, id: string): Promise<HostedPoint> {
    if (id === beginningId) return beginning;
    const point = (await this.list(sandbox)).find((each) => each.id === id);
    if (point === undefined) throw notKept();
    return point;
  }

  async compare(sandbox: OpenSandbox, id: string): Promise<PointChanges> {
    const point = await this.find(sandbox, id);
    const end = await this.#jail.run(sandbox, {
      access: "read",
      signal: AbortSignal.timeout(lookMsMax),
      ...(point.id === beginningId
        ? { command: compareNothing }
        : {
            command: ["bash", "-c", compareScript(point.id)],
            repository: this.#folders.pathOf(sandbox.name),
          }),
    });
    const read = decodeChanges(end.code === 0 ? end.output : "");
    if (Result.isFailure(read)) throw this.#jail.failure("The files couldn't be compared.", end);
    return read.success;
  }
}
