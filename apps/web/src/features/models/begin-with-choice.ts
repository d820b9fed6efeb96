import type { AccessToken } from "../user-call/index.ts";
import { keepModels } from "./known-models.ts";
import { makeModelsApi } from "./models-api.ts";
import { recallChoice, withChoice } from "./remembered-choice.ts";

/**
 * Sets what a new thread begins with, before anything is sent to it. Rejects where that can't be done: its first message
 * must not go to another model than the one that was shown.
 */
export const beginWithChoice = async (threadId: string, getAccessToken: AccessToken): Promise<void> => {
  if (recallChoice().kind === "default") return;
  const api = makeModelsApi(getAccessToken);
  const { choice } = withChoice(await api.list(null, null), recallChoice());
  if (choice.kind !== "default") keepModels(threadId, await api.choose(threadId, choice));
};
