import { fileLimits } from "@threadbox/contracts/files";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { decodeEntryPath } from "../files/index.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import { refused } from "./errors.ts";
import type { ViewRequestFacts } from "./rules.ts";

/** Where a view of documents begins: the path of the file is all that is asked. */
export const documentPath = (path: string): string => `/?${new URLSearchParams({ path })}`;

/**
 * Headers with which a file of a sandbox is shown as a PDF and as nothing else: whatever it holds, it has no origin, runs
 * no script of a page's and asks for nothing. A browser draws no PDF in a frame with `sandbox` of its own, under this policy it does.
 */
const documentHeaders = (framedBy: string, sizeBytes: number): Readonly<Record<string, string>> => ({
  "content-type": "application/pdf",
  "content-disposition": "inline",
  "content-length": String(sizeBytes),
  "content-security-policy": `default-src 'none'; sandbox; frame-ancestors ${framedBy}`,
  "cache-control": "no-store",
});

/** One file of the workspace, on the origin of the thread's documents. */
export const answerDocument = Effect.fn("answerDocument")(function* (
  { method, url }: Pick<ViewRequestFacts, "method" | "url">,
  threadId: ThreadId,
  framedBy: string,
) {
  if (method !== "GET") return yield* refused("MethodNotAllowed");
  if (url.pathname !== "/") return yield* refused("NotFound");
  const path = yield* decodeEntryPath(url.searchParams.get("path"));
  const sandboxFiles = yield* SandboxFiles;
  const files = yield* sandboxFiles.open(threadId);
  const { sizeBytes, stream } = yield* files.read(path);
  if (sizeBytes > fileLimits.transferBytesMax) {
    yield* Effect.promise(() => stream.cancel().catch(() => {}));
    return yield* refused("BodyTooLarge");
  }
  return new Response(stream.pipeThrough(new FixedLengthStream(sizeBytes)), {
    headers: documentHeaders(framedBy, sizeBytes),
  });
});
