import { attachmentFolder, numberedName } from "@threadbox/contracts/attachment-limits";
import { asSandboxFailure, WireFailure } from "../errors/index.ts";
import { type FilesClient, type MakePlace, PartedUpload } from "../files/index.ts";
import type { Attached } from "../outbox/index.ts";
import { inWorkspace } from "./attached.ts";
import { attachmentTexts } from "./texts.ts";

/** How a file stands on its way into the workspace. */
export type UploadState =
  | { readonly kind: "waiting" }
  | { readonly kind: "sending"; readonly sentBytes: number }
  | { readonly kind: "done"; readonly part: Attached; readonly content: Blob }
  | { readonly kind: "failed"; readonly failure: WireFailure };

/** By the address of the file on this device. */
export type UploadStates = ReadonlyMap<string, UploadState>;

type Calls = Pick<FilesClient, "list" | "upload" | "sendPart" | "join" | "save" | "remove" | "fetchBytes">;

export interface UploadsHost {
  readonly calls: Calls;
  /** Where the parts of a file may lie until it is whole. */
  readonly makePlace: MakePlace;
  readonly find: (url: string) => Promise<Blob | null>;
  readonly wait: (ms: number) => Promise<void>;
}

/** Pauses before a file whose connection was lost is tried again. */
const retryMs = [1_000, 3_000, 9_000] as const;
const namesMax = 200;

/** The folder is nobody's work: git leaves it out, so that it stands in no list of changes and no commit. */
const ignoreFile = `${attachmentFolder}/.gitignore`;

const isTag = (error: unknown, tag: WireFailure["tag"]): boolean => asSandboxFailure(error).tag === tag;

/** Files on their way from this device into one workspace, one after the other, each under a name that is free there. */
export class WorkspaceUploads {
  readonly #host: UploadsHost;
  readonly #listeners = new Set<() => void>();
  readonly #parts = new Map<string, Attached>();
  readonly #begun = new Map<string, PartedUpload>();
  readonly #controls = new Map<string, AbortController>();
  /** The name under which each was last sent, of which nobody may have heard how that went. */
  readonly #tried = new Map<string, string>();
  #states: UploadStates = new Map();
  #isSending = false;

  constructor(host: UploadsHost) {
    this.#host = host;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** The same map until something changes. */
  readonly read = (): UploadStates => this.#states;

  /** Sees to it that the file gets there. One that has failed is left alone until it is forgotten. */
  ensure(part: Attached): void {
    if (this.#states.has(part.url)) return;
    this.#parts.set(part.url, part);
    this.#controls.set(part.url, new AbortController());
    this.#set(part.url, { kind: "waiting" });
    void this.#send();
  }

  /** Forgets how it went, so that it can be tried again; what has arrived of it stays. */
  forget(url: string): void {
    this.#set(url, null);
  }

  /** The way there is open again: those whose connection was lost can be tried again. */
  forgetCutOff(): void {
    for (const [url, state] of this.#states)
      if (state.kind === "failed" && isTag(state.failure, "SandboxUnavailable")) this.forget(url);
  }

  /** Nobody wants the file any more. */
  cancel(url: string): void {
    this.#controls.get(url)?.abort();
    this.#begun.get(url)?.drop();
    this.#begun.delete(url);
    this.#set(url, null);
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#sendOne(next);
    this.#isSending = false;
  }

  #next(): Attached | undefined {
    const [url] = [...this.#states].find(([, { kind }]) => kind === "waiting") ?? [];
    return url === undefined ? undefined : this.#parts.get(url);
  }

  async #sendOne(part: Attached): Promise<void> {
    const { url } = part;
    const signal = this.#controls.get(url)?.signal ?? AbortSignal.abort();
    this.#set(url, { kind: "sending", sentBytes: 0 });
    try {
      const content = await this.#host.find(url);
      if (content === null) throw new WireFailure("NotFound", attachmentTexts.lost(part.filename));
      const name = await this.#persist(part, content, signal);
      if (!signal.aborted) this.#set(url, { kind: "done", part: inWorkspace(part, name), content });
    } catch (error) {
      if (!signal.aborted) this.#set(url, { kind: "failed", failure: asSandboxFailure(error) });
    }
  }

  /** Tries again where the connection was lost. */
  async #persist(part: Attached, content: Blob, signal: AbortSignal): Promise<string> {
    for (const pause of [...retryMs, null]) {
      try {
        return await this.#put(part, content, signal);
      } catch (error) {
        if (pause === null || signal.aborted || !isTag(error, "SandboxUnavailable")) throw error;
        await this.#host.wait(pause);
      }
    }
    throw new WireFailure("SandboxUnavailable", "");
  }

  async #put({ url, filename }: Attached, content: Blob, signal: AbortSignal): Promise<string> {
    const { calls, makePlace } = this.#host;
    const upload = this.#begun.get(url) ?? new PartedUpload(calls, makePlace, content);
    this.#begun.set(url, upload);
    const taken = await this.#taken();
    const tried = this.#tried.get(url);
    if (tried !== undefined && taken.get(tried) === content.size && (await this.#isThere(tried, content, signal))) {
      upload.drop();
      this.#begun.delete(url);
      return tried;
    }
    const onSent = (sentBytes: number) => {
      if (!signal.aborted) this.#set(url, { kind: "sending", sentBytes });
    };
    for (let number = 1; number <= namesMax; number += 1) {
      const name = numberedName(filename, number);
      if (taken.has(name)) continue;
      signal.throwIfAborted();
      this.#tried.set(url, name);
      try {
        await upload.send(`${attachmentFolder}/${name}`, onSent, signal);
        this.#begun.delete(url);
        return name;
      } catch (error) {
        // Somebody else has taken it meanwhile.
        if (!isTag(error, "VersionConflict")) throw error;
      }
    }
    throw new WireFailure("VersionConflict", "");
  }

  /** Whether the file that was last sent has arrived, although nobody said so. */
  async #isThere(name: string, content: Blob, signal: AbortSignal): Promise<boolean> {
    const there = await this.#host.calls.fetchBytes(`${attachmentFolder}/${name}`, signal);
    const [known, own] = await Promise.all([there.arrayBuffer(), content.arrayBuffer()]);
    const bytes = new Uint8Array(known);
    return known.byteLength === own.byteLength && new Uint8Array(own).every((byte, at) => byte === bytes[at]);
  }

  /** The sizes of what lies there, by name. */
  async #taken(): Promise<ReadonlyMap<string, number>> {
    const { calls } = this.#host;
    const { folders } = await calls.list([attachmentFolder]);
    const entries = folders[0]?.entries ?? null;
    if (entries === null) await calls.save(ignoreFile, new Blob(["*\n"]), null);
    return new Map(entries?.map(({ name, sizeBytes }) => [name, sizeBytes]));
  }

  #set(url: string, state: UploadState | null): void {
    const states = new Map(this.#states);
    if (state === null) states.delete(url);
    else states.set(url, state);
    this.#states = states;
    for (const listener of this.#listeners) listener();
  }
}
