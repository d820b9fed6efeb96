import { asSandboxFailure, type WireFailure } from "../errors/index.ts";
import type { FilesClient } from "./files-client.ts";
import { type MakePlace, PartedUpload } from "./parted-upload.ts";
import { joinPath } from "./tree-rows.ts";

export type UploadStatus =
  | { readonly kind: "waiting" }
  | { readonly kind: "sending"; readonly sentBytes: number }
  | { readonly kind: "done" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly failure: WireFailure; readonly isBegun: boolean };

export interface Upload {
  /** Unique in this page. */
  readonly id: number;
  readonly path: string;
  readonly sizeBytes: number;
  readonly status: UploadStatus;
}

type Calls = Pick<FilesClient, "upload" | "sendPart" | "join" | "save" | "remove">;

interface Kept {
  readonly content: PartedUpload;
  control: AbortController;
}

/** Whether it may go on by itself once the way there is open again. */
const isCutOff = ({ status }: Upload): boolean =>
  status.kind === "failed" && status.failure.tag === "SandboxUnavailable";

/** Files on their way into a workspace, one after the other. */
export class Uploads {
  readonly #client: Calls;
  readonly #makePlace: MakePlace;
  readonly #landed: () => void;
  readonly #listeners = new Set<() => void>();
  readonly #contents = new Map<number, Kept>();
  #uploads: readonly Upload[] = [];
  #isSending = false;
  #nextId = 1;

  /** `makePlace` makes a folder for the parts of a file; `landed` is called after each file that has arrived. */
  constructor(client: Calls, makePlace: MakePlace, landed: () => void) {
    this.#client = client;
    this.#makePlace = makePlace;
    this.#landed = landed;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = (): readonly Upload[] => this.#uploads;

  add(folder: string, files: readonly File[]): void {
    const added = files.map((file): Upload => {
      const id = this.#nextId;
      this.#nextId += 1;
      const content = new PartedUpload(this.#client, this.#makePlace, file);
      this.#contents.set(id, { content, control: new AbortController() });
      return { id, path: joinPath(folder, file.name), sizeBytes: file.size, status: { kind: "waiting" } };
    });
    this.#change([...this.#uploads, ...added]);
    void this.#send();
  }

  cancel(id: number): void {
    this.#contents.get(id)?.control.abort();
    if (this.#find(id)?.status.kind === "waiting") this.#finish(id, { kind: "cancelled" });
  }

  /** Sends one that met a file of its name again, over that file. */
  async replace(id: number): Promise<void> {
    const upload = this.#find(id);
    const kept = this.#contents.get(id);
    if (upload === undefined || kept === undefined || upload.status.kind !== "failed") return;
    this.#update(id, { kind: "sending", sentBytes: 0 });
    try {
      await kept.content.replace(upload.path);
      this.#finish(id, { kind: "done" });
      this.#landed();
    } catch (error) {
      this.#update(id, { kind: "failed", failure: asSandboxFailure(error), isBegun: kept.content.isBegun });
    }
  }

  /** Goes on with one that failed, where it broke off. */
  resume(id: number): void {
    const kept = this.#contents.get(id);
    if (kept === undefined || this.#find(id)?.status.kind !== "failed") return;
    kept.control = new AbortController();
    this.#update(id, { kind: "waiting" });
    void this.#send();
  }

  /** Goes on with all that were cut off. */
  resumeCutOff(): void {
    for (const { id } of this.#uploads.filter(isCutOff)) this.resume(id);
  }

  /** Forgets those that are over. */
  clear(): void {
    const isOver = ({ status }: Upload) => status.kind !== "waiting" && status.kind !== "sending";
    for (const { id } of this.#uploads.filter(isOver)) {
      this.#contents.get(id)?.content.drop();
      this.#contents.delete(id);
    }
    this.#change(this.#uploads.filter((upload) => !isOver(upload)));
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#sendOne(next);
    this.#isSending = false;
  }

  async #sendOne({ id, path }: Upload): Promise<void> {
    const kept = this.#contents.get(id);
    if (kept === undefined) return;
    const { signal } = kept.control;
    this.#update(id, { kind: "sending", sentBytes: 0 });
    try {
      const onSent = (sentBytes: number) => this.#update(id, { kind: "sending", sentBytes });
      await kept.content.send(path, onSent, signal);
      this.#finish(id, { kind: "done" });
      this.#landed();
    } catch (error) {
      const { isBegun } = kept.content;
      // Its content stays, to go on with, or to be put over what is there.
      if (!signal.aborted) return this.#update(id, { kind: "failed", failure: asSandboxFailure(error), isBegun });
      kept.content.drop();
      this.#finish(id, { kind: "cancelled" });
    }
  }

  #next(): Upload | undefined {
    return this.#uploads.find(({ status }) => status.kind === "waiting");
  }

  #find(id: number): Upload | undefined {
    return this.#uploads.find((upload) => upload.id === id);
  }

  #finish(id: number, status: UploadStatus): void {
    this.#contents.delete(id);
    this.#update(id, status);
  }

  #update(id: number, status: UploadStatus): void {
    this.#change(this.#uploads.map((upload) => (upload.id === id ? { ...upload, status } : upload)));
  }

  #change(uploads: readonly Upload[]): void {
    this.#uploads = uploads;
    for (const listener of this.#listeners) listener();
  }
}
