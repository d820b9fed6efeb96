import type { ModelChoice, ModelList } from "@threadbox/contracts/model-choice";
import { recall, remember } from "../../lib/device-memory.ts";
import { rememberedKey } from "./remembered-key.ts";

const isChoice = (value: unknown): value is ModelChoice =>
  typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";

/** What new threads begin with on this device: the last choice made here. */
export const recallChoice = (): ModelChoice => {
  try {
    const value: unknown = JSON.parse(recall(rememberedKey) ?? "null");
    if (isChoice(value)) return value;
  } catch {
    // What can't be read is no choice.
  }
  return { kind: "default" };
};

export const rememberChoice = (choice: ModelChoice): void =>
  remember(rememberedKey, choice.kind === "default" ? null : JSON.stringify(choice));

/** The list as it is for a thread that begins with this choice; one that can't be kept any more is the default. */
export const withChoice = (list: ModelList, choice: ModelChoice): ModelList => {
  const nobody = { loginId: null, keyId: null, isGone: false };
  if (choice.kind === "workspace") return { ...list, choice, answerer: { ...nobody, model: list.workspace } };
  const byDefault: ModelList = { ...list, choice: { kind: "default" }, answerer: list.byDefault };
  if (choice.kind === "key") {
    const { keyId, modelId } = choice;
    const opened = list.keys.find(({ id }) => id === keyId)?.models.find(({ id }) => id === modelId);
    return opened === undefined ? byDefault : { ...list, choice, answerer: { ...nobody, model: opened, keyId } };
  }
  if (choice.kind !== "login") return byDefault;
  const login = list.logins.find(({ id }) => id === choice.loginId);
  const model = login?.models.find(({ id }) => id === choice.modelId);
  return model === undefined ? byDefault : { ...list, choice, answerer: { ...nobody, model, loginId: choice.loginId } };
};
