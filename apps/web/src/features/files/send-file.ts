import type { SavedFile } from "@threadbox/contracts/files";
import { readWireFailure, WireFailure } from "../errors/index.ts";

/** Sends a body and tells how much of it is on its way, which `fetch` does not. */
export const sendFile = (
  url: string,
  token: string,
  content: Blob,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<SavedFile> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("PUT", url);
    request.setRequestHeader("authorization", `Bearer ${token}`);
    request.upload.addEventListener("progress", ({ loaded }) => onSent(loaded));
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as SavedFile);
      else readWireFailure(new Response(request.responseText, { status: request.status })).then(reject, reject);
    });
    request.addEventListener("error", () => reject(new WireFailure("SandboxUnavailable", "")));
    request.addEventListener("abort", () => reject(new DOMException("Cancelled.", "AbortError")));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    else request.send(content);
  });
