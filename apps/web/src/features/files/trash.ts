import { removedFolder } from "@threadbox/contracts/files";
import type { FilesClient } from "./files-client.ts";
import { nameOf } from "./tree-rows.ts";

/** What a page left behind that was closed meanwhile goes after this long, at the next removal. */
const keptMs = 60 * 60_000;
/** Names a place by the time at which something was put there. */
const placeName = /^([0-9a-z]{8,10})-\d+$/;

export interface Removed {
  /** Puts it back; rejects where something has taken its place. */
  readonly restore: () => Promise<void>;
  /** From now on it can't be had back. */
  readonly forget: () => void;
}

type Calls = Pick<FilesClient, "list" | "save" | "move" | "makeFolder" | "remove">;

/** Takes files and folders out of sight, on the same disk, until they are wanted back or given up. */
export class Trash {
  readonly #calls: Calls;
  #count = 0;
  #isReady = false;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Makes a folder out of sight, for what goes within the hour. */
  async place(now: number): Promise<string> {
    await this.#prepare(now);
    this.#count += 1;
    // Pages that work on the same files keep out of each other's way.
    const place = `${removedFolder}/${now.toString(36)}-${Math.floor(Math.random() * 1e6)}${this.#count}`;
    await this.#calls.makeFolder(place);
    return place;
  }

  async put(path: string, now: number): Promise<Removed> {
    const place = await this.place(now);
    const kept = `${place}/${nameOf(path)}`;
    const forget = () => void this.#calls.remove(place).catch(() => undefined);
    try {
      await this.#calls.move({ from: path, to: kept });
    } catch (error) {
      forget();
      throw error;
    }
    const restore = async () => {
      await this.#calls.move({ from: kept, to: path });
      forget();
    };
    return { restore, forget };
  }

  /** Git ignores everything there, so that nobody commits it. */
  async #prepare(now: number): Promise<void> {
    if (this.#isReady) return;
    await this.#calls.save(`${removedFolder}/.gitignore`, new Blob(["*\n"]), null);
    this.#isReady = true;
    const { folders } = await this.#calls.list([removedFolder]);
    for (const { name } of folders[0]?.entries ?? []) {
      const [, at] = placeName.exec(name) ?? [];
      if (at === undefined || Number.parseInt(at, 36) > now - keptMs) continue;
      await this.#calls.remove(`${removedFolder}/${name}`).catch(() => undefined);
    }
  }
}
