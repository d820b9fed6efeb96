import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import type { WorkspaceLocation } from "../engines/engine.ts";
import { HostError, pathRejected } from "../errors.ts";
import { declaredBytes } from "./declared-bytes.ts";
import { codeOf, type HeldFolder, refusalOf, walk } from "./folder-walk.ts";
import { findStat, moveEntry, putInPlace, requireVersion, versionOf } from "./put-in-place.ts";
import { removeEntry } from "./remove-entry.ts";
import { parseWorkspacePath } from "./workspace-path.ts";

export interface OpenFile {
  readonly sizeBytes: number;
  readonly version: string;
  /** Exactly that many bytes, or an error. To be read or cancelled: it holds the file open. */
  readonly stream: ReadableStream<Uint8Array>;
}

const entriesMax = 10_000;

const kindOf = (stat: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileEntry["kind"] => {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  return stat.isSymbolicLink() ? "symlink" : "other";
};

/**
 * Files of one workspace, while programs inside may be changing it. No operation follows a symbolic link, reads
 * anything but regular files or leaves the workspace, whatever is renamed or linked meanwhile. A file that is written
 * appears whole or not at all.
 */
export class WorkspaceFiles {
  readonly #location: WorkspaceLocation;
  readonly #mountPoint: string;

  /** `mountPoint` is where programs inside see the workspace; absolute paths start there. */
  constructor(location: WorkspaceLocation, mountPoint: string) {
    this.#location = location;
    this.#mountPoint = mountPoint;
  }

  async read(path: string): Promise<OpenFile> {
    return this.#inParent(path, undefined, async (folder, name) => {
      // Without O_NONBLOCK the open of a pipe that nobody writes to would wait for ever.
      const handle = await fs.open(
        folder.entry(name),
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      );
      const stat = await handle.stat({ bigint: true });
      if (!stat.isFile()) {
        await handle.close();
        throw pathRejected("This is not a regular file.");
      }
      const sizeBytes = Number(stat.size);
      return { sizeBytes, version: versionOf(stat), stream: declaredBytes(handle, sizeBytes) };
    });
  }

  /**
   * Makes missing folders. Rejects with BodyTooLarge past `bytesMax`, and with VersionConflict where the file is not (or,
   * for `absentFile`, is) what the caller expects; then nothing has changed. Resolves to the version that it has now.
   */
  async write(
    path: string,
    body: AsyncIterable<Uint8Array>,
    bytesMax: number,
    expected?: string | undefined,
  ): Promise<string> {
    return this.#inParent(path, this.#makeFolder, async (folder, name) => {
      const existing = await findStat(folder.entry(name));
      requireVersion(existing, expected);
      if (existing?.isDirectory()) throw pathRejected("This is a folder.");
      const draft = folder.entry(`.${randomUUID()}.part`);
      const mode = existing?.isFile() ? Number(existing.mode) & 0o777 : 0o644;
      const handle = await fs.open(
        draft,
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
        mode,
      );
      try {
        await copy(body, handle, bytesMax);
        if (this.#location.owner) await handle.chown(this.#location.owner.uid, this.#location.owner.gid);
        await putInPlace(draft, folder.entry(name), expected);
        return versionOf(await handle.stat({ bigint: true }));
      } catch (error) {
        await fs.unlink(draft).catch(() => {});
        throw error;
      } finally {
        await handle.close();
      }
    });
  }

  /** Makes the folders above it too. Rejects with VersionConflict where there is something of that name. */
  async makeFolder(path: string): Promise<void> {
    await this.#inParent(path, this.#makeFolder, async (folder, name) => {
      await fs.mkdir(folder.entry(name), { mode: 0o755 });
      await this.#own(folder.entry(name));
    });
  }

  /** A link is moved itself. Rejects with VersionConflict where there is something at `to`. */
  async move(from: string, to: string): Promise<void> {
    await this.#inParent(from, undefined, (folder, name) =>
      this.#inParent(to, this.#makeFolder, (target, newName) => moveEntry(folder, name, target, newName)),
    );
  }

  /** A folder goes with everything in it, however deep; a link goes, not what it points at. */
  async remove(path: string): Promise<void> {
    await this.#inParent(path, undefined, removeEntry);
  }

  /** Sorted by name. Rejects with BodyTooLarge past ten thousand entries. */
  async list(path: string): Promise<readonly FileEntry[]> {
    const folder = await walk(this.#location.path, parseWorkspacePath(path, this.#mountPoint));
    try {
      const entries: FileEntry[] = [];
      for await (const { name } of await fs.opendir(folder.self)) {
        if (entries.length >= entriesMax)
          throw new HostError("BodyTooLarge", "The folder has too many entries to list.");
        const stat = await fs.lstat(folder.entry(name)).catch(() => undefined);
        if (stat === undefined) continue;
        entries.push({ name, kind: kindOf(stat), sizeBytes: stat.size, modifiedAt: Math.round(stat.mtimeMs) });
      }
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } finally {
      await folder.close();
    }
  }

  readonly #makeFolder = async (missing: string): Promise<void> => {
    await fs.mkdir(missing, { mode: 0o755 }).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    await this.#own(missing);
  };

  async #own(entry: string): Promise<void> {
    const { owner } = this.#location;
    if (owner) await fs.lchown(entry, owner.uid, owner.gid);
  }

  async #inParent<A>(
    path: string,
    onMissing: ((path: string) => Promise<void>) | undefined,
    use: (folder: HeldFolder, name: string) => Promise<A>,
  ): Promise<A> {
    const segments = parseWorkspacePath(path, this.#mountPoint);
    const name = segments.at(-1);
    if (name === undefined) throw pathRejected("The path names the workspace itself.");
    const folder = await walk(this.#location.path, segments.slice(0, -1), onMissing);
    try {
      return await use(folder, name);
    } catch (error) {
      throw refusalOf(error);
    } finally {
      await folder.close();
    }
  }
}

const copy = async (source: AsyncIterable<Uint8Array>, target: fs.FileHandle, bytesMax: number): Promise<void> => {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > bytesMax) throw new HostError("BodyTooLarge", "The file is larger than this host accepts.");
    await target.writeFile(chunk);
  }
};
