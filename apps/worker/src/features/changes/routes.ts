import { Effect } from "effect";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { decodeEntryPath } from "../files/index.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { readChanges } from "./changes.ts";
import { readGitMarks } from "./git-marks.ts";

const list = Effect.fn("listChanges")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const asked = new URL(routed.request.url).searchParams.get("path");
  const path = asked === null ? null : yield* decodeEntryPath(asked);
  const sandboxFiles = yield* SandboxFiles;
  return yield* readChanges(yield* sandboxFiles.open(threadId), path);
});

const marks = Effect.fn("listGitMarks")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const sandboxFiles = yield* SandboxFiles;
  return yield* readGitMarks(yield* sandboxFiles.open(threadId));
});

/** What the work of a thread changed in its workspace, for whoever holds the thread's token. */
export const changesRoutes: readonly Route<ThreadDoor | SandboxFiles>[] = [
  jsonRoute("listChanges", "page", list),
  jsonRoute("listGitMarks", "page", marks),
];
