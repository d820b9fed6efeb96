import type { GitMarks } from "@threadbox/contracts/changes";
import {
  absentFile,
  archiveHeaders,
  type FoundFiles,
  type JoinUpload,
  type ListedFolders,
  type MakeFolder,
  type MoveFile,
  type OpenedFile,
  type SavedFile,
} from "@threadbox/contracts/files";
import { useMemo } from "react";
import { pageConfig } from "../../lib/request.ts";
import { readWireFailure, WireFailure } from "../errors/index.ts";
import { useThreadTokens } from "../thread-token/index.ts";
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
}

export const asFailure = (error: unknown): WireFailure =>
  error instanceof WireFailure ? error : new WireFailure("SandboxUnavailable", "");

export const useFilesClient = (threadId: string): FilesClient => {
  const tokens = useThreadTokens();
  return useMemo(() => {
    const urlOf = (route: string, query: readonly (readonly [string, string])[] = []) => {
      const url = new URL(`${pageConfig().workerUrl}/api/sandbox/${threadId}/${route}`);
      for (const [name, value] of query) url.searchParams.append(name, value);
      return url.href;
    };
    const ask = (url: string, init: RequestInit = {}) =>
      tokens.use(threadId, async (token) => {
        const headers = { ...init.headers, authorization: `Bearer ${token}` };
        const response = await fetch(url, { ...init, headers });
        if (!response.ok) throw await readWireFailure(response);
        return response;
      });
    const json = async <T>(url: string, signal?: AbortSignal): Promise<T> =>
      (await ask(url, { signal: signal ?? null })).json();
    const post = async (route: string, body: MoveFile | MakeFolder | JoinUpload) => {
      const headers = { "content-type": "application/json" };
      await ask(urlOf(route), { method: "POST", headers, body: JSON.stringify(body) });
    };
    const put = (path: string, version: string | null) =>
      urlOf("file", [["path", path], ...(version === null ? [] : [["version", version] as const])]);
    const send = (url: string, content: Blob, onSent: (bytes: number) => void, signal: AbortSignal) =>
      tokens.use(threadId, (token) => sendFile(url, token, content, onSent, signal));
    return {
      list: (paths, signal) =>
        json(
          urlOf(
            "folders",
            paths.map((path) => ["path", path]),
          ),
          signal,
        ),
      open: (path, signal) => json(urlOf("file", [["path", path]]), signal),
      save: async (path, content, version) => (await ask(put(path, version), { method: "PUT", body: content })).json(),
      upload: (path, content, onSent, signal) => send(put(path, absentFile), content, onSent, signal),
      sendPart: (path, content, onSent, signal) => send(put(path, null), content, onSent, signal),
      join: (upload) => post("uploads", upload),
      fetchBytes: async (path, signal) =>
        (await ask(urlOf("file-bytes", [["path", path]]), { signal: signal ?? null })).blob(),
      download: async (path, kind, onReceived, signal) => {
        const route = kind === "file" ? "file-bytes" : "folder-archive";
        const response = await ask(urlOf(route, [["path", path]]), { signal });
        const { headers } = response;
        const size = headers.get(kind === "file" ? "content-length" : archiveHeaders.sizeBytes);
        const sizeBytes = size === null ? null : Number(size);
        onReceived(0, sizeBytes);
        const bytes = await receiveBytes(response, (received) => onReceived(received, sizeBytes));
        return { bytes, leftOut: Number(headers.get(archiveHeaders.leftOut) ?? 0) };
      },
      remove: async (path) => void (await ask(urlOf("file", [["path", path]]), { method: "DELETE" })),
      move: (move) => post("moves", move),
      makeFolder: (path) => post("folders", { path }),
      gitMarks: () => json(urlOf("git-marks")),
      search: (query, signal) => json(urlOf("file-search", [["query", query]]), signal),
    };
  }, [threadId, tokens]);
};
