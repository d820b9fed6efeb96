import { codexModels, type ModelDescription } from "@threadbox/contracts/model";
import type { ModelAnswerer, ModelList } from "@threadbox/contracts/model-choice";
import type { LoginModels } from "../logins/index.ts";

/** All that a thread may use: the workspace's model, and what each login can answer with. */
export const modelListOf = (workspace: ModelDescription, models: LoginModels): ModelList => {
  const { revision, now, logins, choice } = models;
  const orWorkspace = (answerer: ModelAnswerer | null) => answerer ?? { model: workspace, loginId: null };
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
    choice,
    answerer: orWorkspace(models.answerer),
    byDefault: orWorkspace(models.byDefault),
  };
};
