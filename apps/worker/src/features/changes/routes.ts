import type { Changes, GitMarks } from "@threadbox/contracts/changes";
import { Effect } from "effect";
import type { Route, RouteRequest } from "../../http/route.ts";
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
  return Response.json((yield* readChanges(yield* sandboxFiles.open(threadId), path)) satisfies Changes);
});

const marks = Effect.fn("listGitMarks")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const sandboxFiles = yield* SandboxFiles;
  return Response.json((yield* readGitMarks(yield* sandboxFiles.open(threadId))) satisfies GitMarks);
});

/** What the work of a thread changed in its workspace, for whoever holds the thread's token. */
export const changesRoutes: readonly Route<ThreadDoor | SandboxFiles>[] = [
  { method: "GET", path: "/api/sandbox/:threadId/changes", audience: "page", handle: list },
  { method: "GET", path: "/api/sandbox/:threadId/git-marks", audience: "page", handle: marks },
];
