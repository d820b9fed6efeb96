import type { ChangedFile, Changes } from "@threadbox/contracts/changes";
import { coalesced } from "../../lib/coalesced.ts";
import { asSandboxFailure, type WireFailure } from "../errors/index.ts";
import { type AskedChanges, askedKey, openChanges } from "./asked-changes.ts";
import type { ChangesClient } from "./changes-client.ts";
import type { ReadFile } from "./diff-rows.ts";
import { readHunks } from "./hunks.ts";

export interface ChangesState {
  readonly asked: AskedChanges;
  /** Null until those that are asked for were first seen. */
  readonly files: readonly ReadFile[] | null;
  readonly isCut: boolean;
  /** Commits that were cloned, by the folder they lie in. */
  readonly roots: Changes["roots"];
  readonly turns: Changes["turns"];
  readonly hasAccepted: boolean;
  /** Why the last look failed; null where it did not. */
  readonly failure: WireFailure | null;
  /** Files whose hunks are being asked for, or cannot be had. */
  readonly fetched: ReadonlyMap<string, "fetching" | "absent">;
}

const isSame = (a: ChangedFile, b: ChangedFile): boolean =>
  a.hunks === b.hunks &&
  a.change === b.change &&
  a.additions === b.additions &&
  a.deletions === b.deletions &&
  a.kind === b.kind;

const readFile = (file: ChangedFile): ReadFile => ({
  file,
  hunks: file.hunks === null ? null : readHunks(file.hunks),
});

/** Whether the hunks of a text were left out of the answer. */
export const isLeftOut = ({ hunks, additions }: ChangedFile): boolean => hunks === null && additions !== null;

/** The changes of a thread as they were last seen. A file that is still the same stays the same object. */
export class ChangesStore {
  readonly #look: ChangesClient["look"];
  readonly #listeners = new Set<() => void>();
  #state: ChangesState = {
    asked: openChanges,
    files: null,
    isCut: false,
    roots: [],
    turns: [],
    hasAccepted: false,
    failure: null,
    fetched: new Map(),
  };

  constructor(look: ChangesClient["look"]) {
    this.#look = look;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = (): ChangesState => this.#state;

  /** Asks for other changes. */
  ask(asked: AskedChanges): void {
    if (askedKey(asked) === askedKey(this.#state.asked)) return;
    this.#change({ asked, files: null, isCut: false, failure: null, fetched: new Map() });
    void this.refresh();
  }

  /** Looks again. */
  readonly refresh = coalesced(() => this.#lookAgain());

  /** Asks for the hunks of a file that were left out. */
  async fetch(path: string): Promise<void> {
    const { asked, fetched } = this.#state;
    if (fetched.has(path)) return;
    this.#mark(path, "fetching");
    try {
      const { files } = await this.#look(asked, path);
      if (asked !== this.#state.asked) return;
      const file = files.find((each) => each.path === path);
      if (file !== undefined && file.hunks !== null) {
        const known = this.#state.files ?? [];
        this.#change({ files: known.map((each) => (each.file.path === path ? readFile(file) : each)) });
        this.#mark(path, null);
      } else this.#mark(path, "absent");
    } catch {
      if (asked === this.#state.asked) this.#mark(path, null);
    }
  }

  async #lookAgain(): Promise<void> {
    const { asked } = this.#state;
    try {
      const { files, isCut, ...told } = await this.#look(asked);
      if (asked !== this.#state.asked) return;
      const known = new Map(this.#state.files?.map((each) => [each.file.path, each]));
      const read = files.map((file) => {
        const before = known.get(file.path);
        // Hunks that were asked for alone are kept for as long as the counts are the same.
        const isFetched = before !== undefined && isLeftOut(file) && before.file.hunks !== null;
        const now = isFetched ? { ...file, hunks: before.file.hunks } : file;
        return before !== undefined && isSame(before.file, now) ? before : readFile(now);
      });
      const isAsBefore =
        this.#state.files !== null &&
        read.length === known.size &&
        read.every((each, at) => each === this.#state.files?.[at]);
      this.#change({ files: isAsBefore ? this.#state.files : read, isCut, ...told, failure: null });
    } catch (error) {
      if (asked === this.#state.asked) this.#change({ failure: asSandboxFailure(error) });
    }
  }

  #mark(path: string, mark: "fetching" | "absent" | null): void {
    const fetched = new Map(this.#state.fetched);
    if (mark === null) fetched.delete(path);
    else fetched.set(path, mark);
    this.#change({ fetched });
  }

  #change(changed: Partial<ChangesState>): void {
    this.#state = { ...this.#state, ...changed };
    for (const listener of this.#listeners) listener();
  }
}
