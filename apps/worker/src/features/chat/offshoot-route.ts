import { beginningId } from "@threadbox/contracts/point-limits";
import { BeginOffshoot, type PointId } from "@threadbox/contracts/points";
import { Effect } from "effect";
import { RefusedError } from "../../http/failure.ts";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { Sandboxes, SandboxPoints } from "../sandbox/index.ts";
import { authorizeThread, ThreadAccess, type ThreadDoor } from "../threads/index.ts";
import { threadAgentRef } from "./refs.ts";

const readWish = jsonBody(BeginOffshoot, "The body must name a thread, and a message or null.", smallBody);

const notThere = () => new RefusedError({ wireTag: "NotFound", message: "There is no such thread to begin." });
const notKept = (pointId: PointId | undefined) =>
  new RefusedError({
    wireTag: "NotFound",
    message:
      pointId === undefined
        ? "The files of this moment aren't saved. If it was just now, try again in a moment."
        : "This point isn't kept any more.",
  });
const noMessage = () =>
  new RefusedError({ wireTag: "Conflict", message: "This answer is no longer in the thread, or isn't done yet." });
const hasBegun = () => new RefusedError({ wireTag: "Conflict", message: "The new thread has begun already." });

/** Lets a new thread of the same user begin with what this one was, for whoever holds this one's token. */
export const offshootRoute = (env: Env): Route<ThreadDoor | SandboxPoints | Sandboxes | AuditTrail> =>
  jsonRoute(
    "beginOffshoot",
    "page",
    Effect.fn("beginOffshoot")(function* (routed) {
      const { threadId, userId } = yield* authorizeThread(routed, "header");
      const { threadId: newId, after, pointId: wanted } = yield* readWish(routed);
      const access = yield* ThreadAccess;
      const isOwn = newId !== threadId && (yield* access.isGranted(newId, userId));
      if (!isOwn) return yield* notThere();
      const points = yield* SandboxPoints.use((known) => known.list(threadId));
      const ofMessage = after === null ? beginningId : points.find((point) => point.after === after)?.id;
      const pointId = wanted ?? ofMessage;
      const isKept = pointId === beginningId || points.some(({ id }) => id === pointId);
      if (pointId === undefined || !isKept) return yield* notKept(pointId);
      const conversation =
        after === null
          ? null
          : yield* Effect.promise(async () => (await threadAgentRef(env, threadId)).tellConversation(after));
      if (after !== null && conversation === null) return yield* noMessage();
      const audit = yield* AuditTrail;
      const entry = {
        requestId: routed.requestId,
        action: "thread.offshoot_begun",
        actorId: userId,
        threadId: newId,
      } as const;
      yield* Sandboxes.use((sandboxes) => sandboxes.beginFrom(newId, { threadId, pointId, after }));
      if (conversation !== null) {
        const isBegun = yield* Effect.promise(async () => (await threadAgentRef(env, newId)).beginWith(conversation));
        if (!isBegun) return yield* hasBegun();
      }
      yield* audit.append({ ...entry, outcome: "succeeded", reason: `From ${threadId}.` });
      return {};
    }),
  );
