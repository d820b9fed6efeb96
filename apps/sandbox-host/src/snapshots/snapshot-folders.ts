import { createHmac } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import { Redacted } from "effect";
import type { SnapshotSettings } from "../config.ts";
import type { HostUser } from "../engines/local/host-user.ts";
import { exists, own } from "../engines/local/sandbox-folders.ts";
import { measureFolders } from "../files/measure.ts";

const aside = ".aside-";
const borrowed = ".borrowed";

interface Borrower {
  readonly name: SandboxName;
  readonly user: HostUser | undefined;
}

/** Of a copy that nobody else has hold of, and that has no links. */
const ownAll = async (folder: string, user: HostUser | undefined): Promise<void> => {
  if (user === undefined) return;
  await fs.lchown(folder, user.uid, user.gid);
  for (const entry of await fs.readdir(folder, { recursive: true }))
    await fs.lchown(path.join(folder, entry), user.uid, user.gid);
};

/** One restic repository for each sandbox, apart from its disks. */
export class SnapshotFolders {
  readonly #settings: SnapshotSettings;

  constructor(settings: SnapshotSettings) {
    this.#settings = settings;
  }

  pathOf(name: SandboxName): string {
    return path.join(this.#settings.folder, name);
  }

  /** Follows from the key and the name alone, and opens this one repository. */
  passwordOf(name: SandboxName): string {
    return createHmac("sha256", Redacted.value(this.#settings.key)).update(`snapshots of ${name}`).digest("base64url");
  }

  /** Whether something may have been saved. restic writes this file when all others of a new repository are there. */
  isBegun(name: SandboxName): Promise<boolean> {
    return exists(path.join(this.pathOf(name), "config"));
  }

  async hasAny(name: SandboxName): Promise<boolean> {
    return (await this.isBegun(name)) && (await this.snapshotsOf(name)).length > 0;
  }

  /** Names that never stand for another snapshot. */
  async snapshotsOf(name: SandboxName): Promise<readonly string[]> {
    return (await fs.readdir(path.join(this.pathOf(name), "snapshots")).catch(() => [])).sort();
  }

  /** What an earlier attempt left of a repository that was not begun is no use to the next one. */
  async prepare(name: SandboxName, user: HostUser | undefined): Promise<string> {
    if (!(await this.isBegun(name))) await fs.rm(this.pathOf(name), { recursive: true, force: true });
    await fs.mkdir(this.#settings.folder, { recursive: true, mode: 0o700 });
    const at = this.pathOf(name);
    // Disks that are lost take with them which user they were another's than the name's.
    const isOthers = user !== undefined && (await fs.stat(at).catch(() => null))?.uid !== user.uid;
    if (isOthers && (await this.isBegun(name))) await ownAll(at, user);
    await own(at, user);
    return at;
  }

  /**
   * A copy, for another sandbox's user, of what one snapshot needs of a repository: its own files stay as they are, also while
   * they are written. `act` is given where it lies, and it goes with the end of that.
   */
  async borrow<A>(from: SandboxName, id: string, to: Borrower, act: (at: string) => Promise<A>): Promise<A> {
    const source = this.pathOf(from);
    const at = `${this.pathOf(to.name)}${borrowed}`;
    await fs.rm(at, { recursive: true, force: true });
    try {
      // restic writes data, then the index, then the snapshot: what is copied the other way round is whole.
      for (const part of ["config", "keys", path.join("snapshots", id), "index", "data"])
        await fs.cp(path.join(source, part), path.join(at, part), {
          recursive: true,
          mode: fs.constants.COPYFILE_FICLONE,
        });
      await fs.mkdir(path.join(at, "locks"), { recursive: true });
      await ownAll(at, to.user);
      return await act(at);
    } finally {
      await fs.rm(at, { recursive: true, force: true });
    }
  }

  async bytesOf(name: SandboxName): Promise<number> {
    const at = this.pathOf(name);
    return (await measureFolders([at])).get(at)?.bytes ?? 0;
  }

  async freeBytes(): Promise<number> {
    await fs.mkdir(this.#settings.folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await fs.statfs(this.#settings.folder);
    return bavail * bsize;
  }

  /** `now` in milliseconds since 1970 tells one from the next. */
  async putAside(name: SandboxName, now: number): Promise<void> {
    if (await exists(this.pathOf(name))) await fs.rename(this.pathOf(name), `${this.pathOf(name)}${aside}${now}`);
  }

  /** What was put aside goes too. */
  async remove(name: SandboxName): Promise<void> {
    const entries = await fs.readdir(this.#settings.folder).catch(() => []);
    for (const entry of entries.filter(
      (each) => each === name || each.startsWith(`${name}${aside}`) || each === `${name}${borrowed}`,
    )) {
      await fs.rm(path.join(this.#settings.folder, entry), { recursive: true, force: true });
    }
  }
}
