import { computerApi } from "@threadbox/contracts/computer-api";
import { archiveHeaders, fileLimits, JoinUpload, MakeFolder, MoveFile } from "@threadbox/contracts/files";
import { ToolOutputId } from "@threadbox/contracts/turn";
import { Effect, Schema } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { SandboxFiles, type WorkspaceFiles } from "../sandbox/index.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { archiveStream } from "./archive.ts";
import { planArchive } from "./archive-plan.ts";
import { attachmentHeaders } from "./attachment.ts";
import { decodeEntryPath, decodePath } from "./file-path.ts";
import { joinUpload } from "./join-upload.ts";
import { largestFiles, largestProgram } from "./largest.ts";
import { openFile } from "./open-file.ts";
import { foundFiles, searchProgram } from "./search.ts";
import { tooLarge, uploadOf } from "./upload.ts";
import { wholeOutput } from "./whole-output.ts";

const decodeOutputId = Schema.decodeUnknownEffect(ToolOutputId);
const bodyBytesMax = 64 * 1024;
const listedAtOnce = 8;

const invalid = (message: string) => new RequestRefusedError({ wireTag: "ValidationError", message });

const words = "The body must name paths of the workspace.";
const readMove = jsonBody(MoveFile, words, { bytesMax: bodyBytesMax });
const readJoin = jsonBody(JoinUpload, "The body must name the parts of a file.", { bytesMax: bodyBytesMax });
const readFolder = jsonBody(MakeFolder, words, { bytesMax: bodyBytesMax });

const queryOf = ({ request }: RouteRequest): URLSearchParams => new URL(request.url).searchParams;

type FileServices = ThreadDoor | SandboxFiles | AuditTrail;

/** Lets a request through the thread's door to its files; what fails before has started nothing. */
const withFiles = <A, E, R>(routed: RouteRequest, prepare: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const thread = yield* authorizeThread(routed, "header");
    const wish = yield* prepare;
    const sandboxFiles = yield* SandboxFiles;
    return { ...thread, wish, files: yield* sandboxFiles.open(thread.threadId) };
  });

const listOne = (files: WorkspaceFiles, path: string) =>
  files.list(path).pipe(
    // A folder that is gone, or has become something else, is no reason to keep the others from the page.
    Effect.catchTags({
      SandboxNotFoundError: () => Effect.succeed(null),
      PathOutsideWorkspaceError: () => Effect.succeed(null),
    }),
    Effect.map((entries) => ({ path, entries })),
  );

const listFolders = Effect.fn("listFolders")(function* (routed: RouteRequest) {
  const paths = [...new Set(queryOf(routed).getAll("path"))];
  const decoded = Effect.forEach(paths, decodePath);
  const asked =
    paths.length === 0 || paths.length > fileLimits.foldersMax
      ? Effect.fail(invalid(`Between 1 and ${fileLimits.foldersMax} folders can be listed at once.`))
      : decoded;
  const { files, wish } = yield* withFiles(routed, asked);
  const folders = yield* Effect.forEach(wish, (path) => listOne(files, path), { concurrency: listedAtOnce });
  return { folders };
});

const readOne = Effect.fn("openFile")(function* (routed: RouteRequest) {
  const { files, wish } = yield* withFiles(routed, decodeEntryPath(queryOf(routed).get("path")));
  return yield* openFile(files, wish);
});

const download = Effect.fn("downloadFile")(function* (routed: RouteRequest) {
  const { files, wish } = yield* withFiles(routed, decodeEntryPath(queryOf(routed).get("path")));
  const { sizeBytes, stream } = yield* files.read(wish);
  if (sizeBytes > fileLimits.transferBytesMax) {
    yield* Effect.promise(() => stream.cancel());
    return yield* tooLarge();
  }
  return new Response(stream.pipeThrough(new FixedLengthStream(sizeBytes)), { headers: attachmentHeaders(wish) });
});

const downloadOutput = Effect.fn("downloadOutput")(function* (routed: RouteRequest) {
  const asked = Effect.mapError(decodeOutputId(queryOf(routed).get("id")), () => invalid("That names no output."));
  const { files, wish } = yield* withFiles(routed, asked);
  const { stream } = yield* wholeOutput(files, wish);
  return new Response(stream, { headers: attachmentHeaders("output.txt") });
});

const downloadFolder = Effect.fn("downloadFolder")(function* (routed: RouteRequest) {
  const { files, wish } = yield* withFiles(routed, decodePath(queryOf(routed).get("path")));
  const plan = yield* planArchive(files, wish);
  const headers = {
    ...attachmentHeaders(wish === "" ? "workspace" : wish, ".zip"),
    [archiveHeaders.sizeBytes]: String(plan.sizeBytes),
    [archiveHeaders.leftOut]: String(plan.leftOut),
  };
  return new Response(archiveStream(files, plan, wish), { headers });
});

const save = Effect.fn("saveFile")(function* (routed: RouteRequest) {
  const { files, wish, userId, threadId } = yield* withFiles(routed, decodeEntryPath(queryOf(routed).get("path")));
  const upload = uploadOf(routed.request);
  if (upload === null) return yield* tooLarge();
  const version = yield* Effect.mapError(
    files.write(wish, upload.content, queryOf(routed).get("version") ?? undefined),
    (error) => (upload.isExcessive() ? tooLarge() : error),
  );
  yield* audited(routed, "file.saved", { userId, threadId });
  return { version };
});

const join = Effect.fn("joinUpload")(function* (routed: RouteRequest) {
  const asked = Effect.flatMap(readJoin(routed), (wish) =>
    Effect.map(decodeEntryPath(wish.path), (path) => ({ ...wish, path })),
  );
  const { files, wish, userId, threadId } = yield* withFiles(routed, asked);
  yield* joinUpload(files, wish);
  yield* audited(routed, "file.saved", { userId, threadId });
  return new Response(null, { status: 204 });
});

const remove = Effect.fn("removeFile")(function* (routed: RouteRequest) {
  const { files, wish, userId, threadId } = yield* withFiles(routed, decodeEntryPath(queryOf(routed).get("path")));
  yield* files.remove(wish);
  yield* audited(routed, "file.removed", { userId, threadId });
  return new Response(null, { status: 204 });
});

const move = Effect.fn("moveFile")(function* (routed: RouteRequest) {
  const asked = Effect.flatMap(readMove(routed), ({ from, to }) =>
    Effect.all({ from: decodeEntryPath(from), to: decodeEntryPath(to) }),
  );
  const { files, wish, userId, threadId } = yield* withFiles(routed, asked);
  yield* files.move(wish);
  yield* audited(routed, "file.moved", { userId, threadId });
  return new Response(null, { status: 204 });
});

const makeFolder = Effect.fn("makeFolder")(function* (routed: RouteRequest) {
  const asked = Effect.flatMap(readFolder(routed), ({ path }) => decodeEntryPath(path));
  const { files, wish, userId, threadId } = yield* withFiles(routed, asked);
  yield* files.makeFolder(wish);
  yield* audited(routed, "folder.made", { userId, threadId });
  return new Response(null, { status: 204 });
});

const search = Effect.fn("searchFiles")(function* (routed: RouteRequest) {
  const query = (queryOf(routed).get("query") ?? "").trim();
  const asked =
    query === "" || query.length > fileLimits.queryLengthMax || query.includes("\0")
      ? Effect.fail(invalid(`A search has between 1 and ${fileLimits.queryLengthMax} characters.`))
      : Effect.succeed(query);
  const { files, wish } = yield* withFiles(routed, asked);
  return foundFiles(yield* files.exec(searchProgram(wish)));
});

const largest = Effect.fn("listLargestFiles")(function* (routed: RouteRequest) {
  const { files } = yield* withFiles(routed, Effect.void);
  return largestFiles(yield* files.exec(largestProgram));
});

type Actor = Pick<Effect.Success<ReturnType<typeof authorizeThread>>, "userId" | "threadId">;

/** A row without the path: names of files are the user's own. */
const audited = Effect.fnUntraced(function* ({ requestId }: RouteRequest, action: string, { userId, threadId }: Actor) {
  const audit = yield* AuditTrail;
  yield* audit.append({ requestId, action, actorId: userId, threadId, outcome: "succeeded" });
});

/** The files of a thread's workspace, for whoever holds the thread's token. */
export const fileRoutes: readonly Route<FileServices>[] = [
  jsonRoute("listFolders", "page", listFolders),
  { ...computerApi.makeFolder, audience: "page", handle: makeFolder },
  jsonRoute("openFile", "page", readOne),
  jsonRoute("saveFile", "page", save),
  { ...computerApi.removeFile, audience: "page", handle: remove },
  { ...computerApi.downloadFile, audience: "page", handle: download },
  { ...computerApi.downloadFolder, audience: "page", handle: downloadFolder },
  { ...computerApi.downloadOutput, audience: "page", handle: downloadOutput },
  { ...computerApi.joinUpload, audience: "page", handle: join },
  { ...computerApi.moveFile, audience: "page", handle: move },
  jsonRoute("searchFiles", "page", search),
  jsonRoute("listLargestFiles", "page", largest),
];
