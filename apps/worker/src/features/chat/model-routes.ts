import { ChooseModel, MarkFavourite, type ModelList } from "@threadbox/contracts/model-choice";
import type { Viewer } from "@threadbox/contracts/viewer";
import { Effect } from "effect";
import type { WorkerConfig } from "../../config.ts";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { type LoginModels, Logins, ownThread, seenIn } from "../logins/index.ts";
import { describeModel } from "../models/index.ts";
import type { ThreadAccess } from "../threads/index.ts";
import { requireUser, type UserDoor } from "../users/index.ts";
import { modelListOf } from "./model-list.ts";

type Services = UserDoor | Logins | ThreadAccess | WorkerConfig;

const readChoice = jsonBody(ChooseModel, "The body must say choice.", smallBody);

const readMark = jsonBody(MarkFavourite, "The body must say choice and isFavourite.", smallBody);

const withWorkspace = (models: LoginModels): Effect.Effect<ModelList, never, WorkerConfig> =>
  Effect.map(describeModel, (workspace) => modelListOf(workspace, models));

/** The thread that the query names; null: none. */
const threadIn = Effect.fnUntraced(function* ({ request }: RouteRequest, viewer: Viewer) {
  const thread = new URL(request.url).searchParams.get("thread");
  return thread === null ? null : yield* ownThread(thread, viewer);
});

/** What may answer a user's threads, and what does. */
export const modelChoiceRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "models",
    "page",
    Effect.fn("listModels")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const threadId = yield* threadIn(routed, viewer);
      const { searchParams } = new URL(routed.request.url);
      const logins = yield* Logins;
      return yield* withWorkspace(yield* logins.models(viewer.userId, threadId, seenIn(searchParams)));
    }),
  ),
  jsonRoute(
    "markFavourite",
    "page",
    Effect.fn("markFavourite")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const { choice, isFavourite } = yield* readMark(routed);
      const threadId = yield* threadIn(routed, viewer);
      const logins = yield* Logins;
      return yield* withWorkspace(yield* logins.mark(viewer.userId, threadId, choice, isFavourite));
    }),
  ),
  jsonRoute(
    "chooseModel",
    "page",
    Effect.fn("chooseModel")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const { choice } = yield* readChoice(routed);
      const threadId = yield* ownThread(routed.params.threadId, viewer);
      const logins = yield* Logins;
      return yield* withWorkspace(yield* logins.choose(viewer.userId, threadId, choice));
    }),
  ),
];
