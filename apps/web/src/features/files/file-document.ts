import type { OpenedFile } from "@threadbox/contracts/files";
import { asSandboxFailure, type WireFailure } from "../errors/index.ts";
import type { FilesClient } from "./files-client.ts";

/** What stands between a person's text and the file. */
export type Trouble =
  /** The file is in another state than the one that was opened; `isGone`: there is none. */
  | { readonly kind: "conflict"; readonly isGone: boolean }
  | { readonly kind: "saveFailed"; readonly failure: WireFailure };

export interface DocumentState {
  readonly path: string;
  /** As it was opened or saved last; null until it has been. */
  readonly file: OpenedFile | null;
  /** Why it cannot be opened. */
  readonly failure: WireFailure | null;
  readonly isChanged: boolean;
  readonly isSaving: boolean;
  readonly trouble: Trouble | null;
  /** The file's present text, while the person looks at what is different. */
  readonly compared: string | null;
  /** Counts the texts that an editor has to take over from here. */
  readonly revision: number;
}

const byteOrderMark = "\uFEFF";
const textOf = (file: OpenedFile | null): string | null => (file?.content.kind === "text" ? file.content.text : null);

type Calls = Pick<FilesClient, "open" | "save">;

/** One opened file with what a person has changed in it. It loses nothing: what is not saved stays until it is given up. */
export class FileDocument {
  readonly #calls: Calls;
  readonly #listeners = new Set<() => void>();
  #state: DocumentState;
  #text = "";

  constructor(calls: Calls, path: string) {
    this.#calls = calls;
    this.#state = {
      path,
      file: null,
      failure: null,
      isChanged: false,
      isSaving: false,
      trouble: null,
      compared: null,
      revision: 0,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = (): DocumentState => this.#state;

  /** With the line ends of the file. */
  get text(): string {
    return this.#text;
  }

  edit(text: string): void {
    this.#text = text;
    const isChanged = text !== textOf(this.#state.file);
    if (isChanged !== this.#state.isChanged) this.#change({ isChanged });
  }

  moved(path: string): void {
    this.#change({ path });
  }

  /** Opens the file, or opens it again and gives up what was changed. */
  async load(): Promise<void> {
    this.#change({ failure: null });
    try {
      this.#adopt(await this.#calls.open(this.#state.path));
    } catch (error) {
      this.#change({ failure: asSandboxFailure(error) });
    }
  }

  /** Looks whether the file is still what was opened. One that nobody has changed here follows it. */
  async check(): Promise<void> {
    const { file, isSaving, path } = this.#state;
    if (file === null || isSaving) return;
    try {
      const now = await this.#calls.open(path);
      if (this.#state.isSaving || this.#state.file !== file || now.version === file.version) return;
      if (this.#state.isChanged) this.#change({ trouble: { kind: "conflict", isGone: false } });
      else this.#adopt(now);
    } catch (error) {
      if (asSandboxFailure(error).tag === "NotFound") this.#change({ trouble: { kind: "conflict", isGone: true } });
    }
  }

  /** Saves over the state that was opened. */
  save(): Promise<void> {
    return this.#save(this.#state.file?.version ?? null);
  }

  /** Saves over whatever is there. */
  overwrite(): Promise<void> {
    return this.#save(null);
  }

  /** Shows the difference to the file as it is now; from then on that is the state which a save replaces. */
  async compare(): Promise<void> {
    try {
      const now = await this.#calls.open(this.#state.path);
      const compared = textOf(now);
      if (compared === null) return this.#change({ trouble: { kind: "conflict", isGone: false } });
      this.#change({ file: now, compared, trouble: null, isChanged: this.#text !== compared });
    } catch (error) {
      const failure = asSandboxFailure(error);
      const trouble: Trouble =
        failure.tag === "NotFound" ? { kind: "conflict", isGone: true } : { kind: "saveFailed", failure };
      this.#change({ trouble });
    }
  }

  async #save(version: string | null): Promise<void> {
    const { file, isSaving, path } = this.#state;
    if (file?.content.kind !== "text" || isSaving) return;
    const { hasBom } = file.content;
    const text = this.#text;
    const content = new Blob([hasBom ? byteOrderMark : "", text]);
    const saved = (savedVersion: string) =>
      this.#change({
        file: { ...file, version: savedVersion, sizeBytes: content.size, content: { kind: "text", text, hasBom } },
        isChanged: this.#text !== text,
        trouble: null,
        compared: null,
      });
    this.#change({ isSaving: true });
    try {
      saved((await this.#calls.save(path, content, version)).version);
    } catch (error) {
      const failure = asSandboxFailure(error);
      if (failure.tag !== "VersionConflict") this.#change({ trouble: { kind: "saveFailed", failure } });
      else {
        // The answer to an earlier try may have been lost on its way: then the file is what was to be saved.
        const now = await this.#calls.open(path).catch(() => null);
        if (now !== null && textOf(now) === text) saved(now.version);
        else this.#change({ trouble: { kind: "conflict", isGone: now === null } });
      }
    } finally {
      this.#change({ isSaving: false });
    }
  }

  #adopt(file: OpenedFile): void {
    this.#text = textOf(file) ?? "";
    const { revision } = this.#state;
    this.#change({ file, failure: null, isChanged: false, trouble: null, compared: null, revision: revision + 1 });
  }

  #change(changed: Partial<DocumentState>): void {
    this.#state = { ...this.#state, ...changed };
    for (const listener of this.#listeners) listener();
  }
}
