import { ChooseModel, type ModelList } from "@threadbox/contracts/model-choice";
import { Effect } from "effect";
import type { WorkerConfig } from "../../config.ts";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route } from "../../http/route.ts";
import { type LoginModels, Logins, ownThread, seenIn } from "../logins/index.ts";
import { describeModel } from "../models/index.ts";
import type { ThreadAccess } from "../threads/index.ts";
import { requireUser, type UserDoor } from "../users/index.ts";
import { modelListOf } from "./model-list.ts";

type Services = UserDoor | Logins | ThreadAccess | WorkerConfig;

const readChoice = jsonBody(ChooseModel, "The body must say choice.", smallBody);

const withWorkspace = (models: LoginModels): Effect.Effect<ModelList, never, WorkerConfig> =>
  Effect.map(describeModel, (workspace) => modelListOf(workspace, models));

/** What may answer a user's threads, and what does. */
export const modelChoiceRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "models",
    "page",
    Effect.fn("listModels")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const query = new URL(routed.request.url).searchParams;
      const thread = query.get("thread");
      const threadId = thread === null ? null : yield* ownThread(thread, viewer);
      const logins = yield* Logins;
      return yield* withWorkspace(yield* logins.models(viewer.userId, threadId, seenIn(query)));
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
