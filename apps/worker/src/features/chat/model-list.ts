import { codexModels, type ModelDescription } from "@threadbox/contracts/model";
import type { ModelAnswerer, ModelList } from "@threadbox/contracts/model-choice";
import type { LoginModels } from "../logins/index.ts";

/** All that a thread may use: the workspace's model, and what each login and each key can answer with. */
export const modelListOf = (workspace: ModelDescription, models: LoginModels): ModelList => {
  const { revision, now, logins, keys, favourites, choice } = models;
  const none = { loginId: null, keyId: null, isGone: false };
  const orWorkspace = (answerer: LoginModels["answerer"]): ModelAnswerer => ({
    ...none,
    ...(answerer ?? { model: workspace }),
  });
  return {
    revision,
    now,
    workspace,
    logins: logins.map(({ id, name, account, state, usage }) => ({
      id,
      name,
      account,
      state,
      usage,
      models: codexModels,
    })),
    keys: keys.map(({ id, name, kind, models: offered }) => ({ id, name, kind, models: offered })),
    favourites,
    choice,
    answerer: orWorkspace(models.answerer),
    byDefault: orWorkspace(models.byDefault),
  };
};
