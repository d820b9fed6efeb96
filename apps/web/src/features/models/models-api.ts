import type { ModelChoice } from "@threadbox/contracts/model-choice";
import { type ModelsAnswers, modelsApi } from "@threadbox/contracts/models-api";
import { fillPath } from "@threadbox/contracts/worker-api";
import { type AccessToken, makeUserCall } from "../user-call/index.ts";

/** Longer than a listing waits for a change. */
const answerMsMax = 40_000;

/** What the page asks of the worker about models. Rejects with a `WireFailure`. */
export interface ModelsApi {
  /** Without a thread: of one that nobody has chosen for. With `seen` it waits for another revision. */
  list(threadId: string | null, seen: number | null, signal?: AbortSignal): Promise<ModelsAnswers["models"]>;
  choose(threadId: string, choice: ModelChoice): Promise<ModelsAnswers["chooseModel"]>;
  mark(threadId: string | null, choice: ModelChoice, isFavourite: boolean): Promise<ModelsAnswers["markFavourite"]>;
}

export const makeModelsApi = (getAccessToken: AccessToken): ModelsApi => {
  const call = makeUserCall(getAccessToken, answerMsMax);
  const { models, chooseModel, markFavourite } = modelsApi;
  return {
    list: async (threadId, seen, signal) => {
      const query = new URLSearchParams({
        ...(threadId === null ? {} : { thread: threadId }),
        ...(seen === null ? {} : { seen: String(seen) }),
      });
      return (await call(models.method, `${models.path}?${query}`, { signal })) as ModelsAnswers["models"];
    },
    choose: async (threadId, choice) => {
      const path = fillPath(chooseModel.path, { threadId });
      return (await call(chooseModel.method, path, { body: { choice } })) as ModelsAnswers["chooseModel"];
    },
    mark: async (threadId, choice, isFavourite) => {
      const path = threadId === null ? markFavourite.path : `${markFavourite.path}?thread=${threadId}`;
      const body = { choice, isFavourite };
      return (await call(markFavourite.method, path, { body })) as ModelsAnswers["markFavourite"];
    },
  };
};
