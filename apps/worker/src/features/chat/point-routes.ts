import { MessageId } from "@threadbox/contracts/ids";
import { beginningId } from "@threadbox/contracts/point-limits";
import { PointId, RestoreFiles } from "@threadbox/contracts/points";
import { Effect, Schema } from "effect";
import { RefusedError, RequestRefusedError } from "../../http/failure.ts";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { type Sandboxes, SandboxPoints } from "../sandbox/index.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { offshootRoute } from "./offshoot-route.ts";
import { threadAgentRef } from "./refs.ts";

const decodePointId = Schema.decodeUnknownEffect(PointId);
const decodeMessageId = Schema.decodeUnknownEffect(MessageId);

const malformed = (message: string) => () => new RequestRefusedError({ wireTag: "ValidationError", message });
const noPoint = malformed("There is no such point.");
const readWish = jsonBody(RestoreFiles, "The body must name a point.", smallBody);

/** What the files of a thread can be restored to, and their restore, for whoever holds the thread's token. */
export const pointRoutes = (env: Env): readonly Route<ThreadDoor | SandboxPoints | Sandboxes | AuditTrail>[] => [
  offshootRoute(env),
  jsonRoute(
    "listPoints",
    "page",
    Effect.fn("listPoints")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const named = new URL(routed.request.url).searchParams.get("before");
      const noMessage = malformed("This is not the id of a message.");
      const before = named === null ? null : yield* Effect.mapError(decodeMessageId(named), noMessage);
      const points = yield* SandboxPoints.use((known) => known.list(threadId));
      return yield* Effect.promise(async () => (await threadAgentRef(env, threadId)).tellOfPoints(points, before));
    }),
  ),
  jsonRoute(
    "comparePoint",
    "page",
    Effect.fn("comparePoint")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const id = yield* Effect.mapError(decodePointId(routed.params.pointId), noPoint);
      return yield* SandboxPoints.use((points) => points.compare(threadId, id));
    }),
  ),
  jsonRoute(
    "restoreFiles",
    "page",
    Effect.fn("restoreFiles")(function* (routed) {
      const { threadId, userId } = yield* authorizeThread(routed, "header");
      const wish = yield* readWish(routed);
      const audit = yield* AuditTrail;
      const points = yield* SandboxPoints;
      const target = (yield* points.list(threadId)).find(({ id }) => id === wish.pointId);
      if (target === undefined && wish.pointId !== beginningId) {
        return yield* new RefusedError({ wireTag: "NotFound", message: "This point isn't kept any more." });
      }
      const entry = { requestId: routed.requestId, action: "files.restored", actorId: userId, threadId } as const;
      const end = yield* Effect.promise(async () =>
        (await threadAgentRef(env, threadId)).restoreFiles({ ...wish, after: target?.after ?? null }),
      );
      if (end.kind === "refused") {
        yield* audit.append({ ...entry, outcome: "failed", reason: end.message });
        return yield* new RefusedError({ wireTag: end.tag, message: end.message });
      }
      yield* audit.append({ ...entry, outcome: "succeeded" });
      const before = (yield* points.list(threadId)).find(({ cause }) => cause === "restore");
      if (before === undefined) return { undo: null };
      const goesOnAfter = wish.goesOnAfter === undefined ? {} : { goesOnAfter: end.leaf };
      return { undo: { pointId: before.id, ...goesOnAfter } };
    }),
  ),
];
