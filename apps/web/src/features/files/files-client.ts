import type { GitMarks } from "@threadbox/contracts/changes";
import { type ComputerAnswers, type ComputerBodies, computerApi } from "@threadbox/contracts/computer-api";
import {
  absentFile,
  archiveHeaders,
  type FoundFiles,
  type JoinUpload,
  type LargestFiles,
  type ListedFolders,
  type MoveFile,
  type OpenedFile,
  type SavedFile,
} from "@threadbox/contracts/files";
import { useMemo } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";
import { receiveBytes } from "./receive-bytes.ts";
import { sendFile } from "./send-file.ts";

/** Something that has come whole. */
export interface Downloaded {
  readonly bytes: Blob;
  /** How much of a folder was not packed. */
  readonly leftOut: number;
}

/** What the page asks of the worker; each call rejects with a WireFailure, or as `fetch` does. */
export interface FilesClient {
  list(paths: readonly string[], signal?: AbortSignal): Promise<ListedFolders>;
  open(path: string, signal?: AbortSignal): Promise<OpenedFile>;
  /** `version`: the state that is replaced; null where any is. */
  save(path: string, content: Blob, version: string | null): Promise<SavedFile>;
  /** Makes a file that must not exist yet. */
  upload(path: string, content: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<SavedFile>;
  /** Makes or replaces a file. */
  sendPart(path: string, content: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<SavedFile>;
  /** Makes one file of parts that were sent. */
  join(upload: JoinUpload): Promise<void>;
  fetchBytes(path: string, signal?: AbortSignal): Promise<Blob>;
  /** Where a file is shown as a document, once: on an origin of the sandbox's. */
  documentAddress(path: string, signal: AbortSignal): Promise<string>;
  /** A file, or a folder as an archive. `onReceived` is told how much has come, and of about how much. */
  download(
    path: string,
    kind: "file" | "directory",
    onReceived: (bytes: number, sizeBytes: number | null) => void,
    signal: AbortSignal,
  ): Promise<Downloaded>;
  remove(path: string): Promise<void>;
  move(move: MoveFile): Promise<void>;
  makeFolder(path: string): Promise<void>;
  gitMarks(): Promise<GitMarks>;
  search(query: string, signal: AbortSignal): Promise<FoundFiles>;
  largest(signal?: AbortSignal): Promise<LargestFiles>;
}

/** The routes whose paths name nothing but the thread. */
type FileRoute = Extract<
  keyof typeof computerApi,
  `${string}File` | `${string}Files` | `${string}Folder${"" | "s"}` | "listGitMarks" | "joinUpload"
>;
type Query = readonly (readonly [string, string])[];

interface Sending {
  readonly content: Blob;
  readonly onSent: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export const useFilesClient = (threadId: string): FilesClient => {
  const tokens = useThreadTokens();
  return useMemo(() => {
    const urlOf = (route: FileRoute, query: Query = []) => {
      const url = new URL(workerUrl(computerApi[route], { threadId }));
      for (const [name, value] of query) url.searchParams.append(name, value);
      return url.href;
    };
    const ask = (url: string, init: RequestInit = {}) => threadFetch(tokens, threadId, url, init);
    const json = async <Name extends FileRoute & keyof ComputerAnswers>(
      route: Name,
      query?: Query,
      init: RequestInit = {},
    ): Promise<ComputerAnswers[Name]> =>
      (await ask(urlOf(route, query), { method: computerApi[route].method, ...init })).json();
    const post = async <Name extends "moveFile" | "makeFolder" | "joinUpload">(
      route: Name,
      body: ComputerBodies[Name],
    ) => {
      await ask(urlOf(route), { method: computerApi[route].method, body: JSON.stringify(body) });
    };
    const replacing = (path: string, version: string | null): Query => [
      ["path", path],
      ...(version === null ? [] : [["version", version] as const]),
    ];
    const send = (path: string, version: string | null, { content, onSent, signal }: Sending) =>
      tokens.use(threadId, (token) =>
        sendFile(urlOf("saveFile", replacing(path, version)), token, content, onSent, signal),
      );
    return {
      list: (paths, signal) =>
        json(
          "listFolders",
          paths.map((path) => ["path", path]),
          { signal: signal ?? null },
        ),
      open: (path, signal) => json("openFile", [["path", path]], { signal: signal ?? null }),
      save: (path, content, version) => json("saveFile", replacing(path, version), { body: content }),
      upload: (path, content, onSent, signal) => send(path, absentFile, { content, onSent, signal }),
      sendPart: (path, content, onSent, signal) => send(path, null, { content, onSent, signal }),
      join: (upload) => post("joinUpload", upload),
      fetchBytes: async (path, signal) =>
        (await ask(urlOf("downloadFile", [["path", path]]), { signal: signal ?? null })).blob(),
      documentAddress: async (path, signal) => {
        const body = { target: "document", path } satisfies ComputerBodies["openView"];
        const response = await ask(workerUrl(computerApi.openView, { threadId }), {
          method: computerApi.openView.method,
          body: JSON.stringify(body),
          signal,
        });
        return ((await response.json()) as ComputerAnswers["openView"]).url;
      },
      download: async (path, kind, onReceived, signal) => {
        const route = kind === "file" ? "downloadFile" : "downloadFolder";
        const response = await ask(urlOf(route, [["path", path]]), { signal });
        const { headers } = response;
        const size = headers.get(kind === "file" ? "content-length" : archiveHeaders.sizeBytes);
        const sizeBytes = size === null ? null : Number(size);
        onReceived(0, sizeBytes);
        const bytes = await receiveBytes(response, (received) => onReceived(received, sizeBytes));
        return { bytes, leftOut: Number(headers.get(archiveHeaders.leftOut) ?? 0) };
      },
      remove: async (path) =>
        void (await ask(urlOf("removeFile", [["path", path]]), { method: computerApi.removeFile.method })),
      move: (move) => post("moveFile", move),
      makeFolder: (path) => post("makeFolder", { path }),
      gitMarks: () => json("listGitMarks"),
      largest: (signal) => json("listLargestFiles", [], { signal: signal ?? null }),
      search: (query, signal) => json("searchFiles", [["query", query]], { signal }),
    };
  }, [threadId, tokens]);
};
