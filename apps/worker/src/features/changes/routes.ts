import { AcceptChanges, ChangesScope, changesLimits } from "@threadbox/contracts/changes";
import { computerApi } from "@threadbox/contracts/computer-api";
import { TurnId } from "@threadbox/contracts/ids";
import { Effect, Schema } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { decodeEntryPath } from "../files/index.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { acceptChanges } from "./accept.ts";
import { readChanges } from "./changes.ts";
import type { Asked } from "./diff-program.ts";
import { readGitMarks } from "./git-marks.ts";

const [isScope, isTurn] = [Schema.is(ChangesScope), Schema.is(TurnId)];

const readAsked = (query: URLSearchParams): Effect.Effect<Asked, RequestRefusedError> => {
  const [turnId, scope] = [query.get("turn"), query.get("scope") ?? "open"];
  if (turnId !== null && isTurn(turnId)) return Effect.succeed({ turnId });
  if (turnId === null && isScope(scope)) return Effect.succeed({ scope });
  return Effect.fail(new RequestRefusedError({ wireTag: "ValidationError", message: "There are no such changes." }));
};

const readAccepted = jsonBody(AcceptChanges, "The body must name files and their hunks.", {
  // Line ends and quotes take two characters each.
  bytesMax: 2 * changesLimits.acceptBytesMax,
});

const list = Effect.fn("listChanges")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const { searchParams } = new URL(routed.request.url);
  const named = searchParams.get("path");
  const path = named === null ? null : yield* decodeEntryPath(named);
  const asked = yield* readAsked(searchParams);
  const sandboxFiles = yield* SandboxFiles;
  return yield* readChanges(yield* sandboxFiles.open(threadId), path, asked);
});

const accept = Effect.fn("acceptChanges")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const wish = yield* readAccepted(routed);
  const files = yield* Effect.forEach(wish.files, (file) =>
    Effect.map(decodeEntryPath(file.path), (path) => ({ ...file, path })),
  );
  const sandboxFiles = yield* SandboxFiles;
  yield* acceptChanges(yield* sandboxFiles.open(threadId), { ...wish, files });
  return new Response(null, { status: 204 });
});

const marks = Effect.fn("listGitMarks")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const sandboxFiles = yield* SandboxFiles;
  return yield* readGitMarks(yield* sandboxFiles.open(threadId));
});

/** What the work of a thread changed in its workspace, for whoever holds the thread's token. */
export const changesRoutes: readonly Route<ThreadDoor | SandboxFiles>[] = [
  jsonRoute("listChanges", "page", list),
  { ...computerApi.acceptChanges, audience: "page", handle: accept },
  jsonRoute("listGitMarks", "page", marks),
];
