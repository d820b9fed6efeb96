import type { LoginId } from "@threadbox/contracts/logins";
import { codexDefaultId, codexModels, type ModelDescription } from "@threadbox/contracts/model";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import type { ModelKeyId } from "@threadbox/contracts/model-keys";

/** A choice as it is kept: a login without a model is meant with its default one, and `none` means the workspace's. */
export type StoredChoice =
  | ModelChoice
  | { readonly kind: "none" }
  | { readonly kind: "login"; readonly loginId: LoginId };

/** A login and its model that answer. */
export interface LoginAnswerer {
  readonly loginId: LoginId;
  readonly model: ModelDescription;
}

/** A key of the user's own and its model, that answer. */
export interface KeyAnswerer {
  readonly keyId: ModelKeyId;
  readonly model: ModelDescription;
  /** The key was removed: nothing answers until something else is chosen. */
  readonly isGone: boolean;
}

export type Answerer = LoginAnswerer | KeyAnswerer;

export const loginOf = (answerer: Answerer | null): LoginId | null =>
  answerer !== null && "loginId" in answerer ? answerer.loginId : null;

/** What of a user's logins a choice depends on. */
export interface ChoosableLogins {
  readonly has: (id: LoginId) => boolean;
  readonly defaultId: LoginId | null;
  readonly isForNewThreads: boolean;
}

export const codexModel = (id: string): ModelDescription | null => codexModels.find((model) => model.id === id) ?? null;

/**
 * The choice in today's words. One of a login, or of its model, that isn't there any more is none: the default counts. One of
 * a key stays: who pays for a model is not changed without a word.
 */
export const readChoice = (stored: StoredChoice, { has }: Pick<ChoosableLogins, "has">): ModelChoice => {
  if (stored.kind === "none") return { kind: "workspace" };
  if (stored.kind !== "login") return stored;
  const modelId = "modelId" in stored ? stored.modelId : codexDefaultId;
  const isThere = has(stored.loginId) && codexModel(modelId) !== null;
  return isThere ? { kind: "login", loginId: stored.loginId, modelId } : { kind: "default" };
};

/**
 * What a choice comes to, but for one of a key; null: the workspace's model. A login that must be connected again still counts: the thread
 * says so and waits for it.
 */
export const answererOf = (choice: ModelChoice, logins: ChoosableLogins): LoginAnswerer | null => {
  if (choice.kind === "workspace" || choice.kind === "key") return null;
  const byDefault = logins.isForNewThreads ? logins.defaultId : null;
  const loginId = choice.kind === "login" ? choice.loginId : byDefault;
  const model = codexModel(choice.kind === "login" ? choice.modelId : codexDefaultId);
  return loginId === null || model === null || !logins.has(loginId) ? null : { loginId, model };
};
