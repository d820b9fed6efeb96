import { Schema } from "effect";

/** Where answers come from: our deterministic demo model, an OpenAI-compatible endpoint of the operator's, a user's ChatGPT. */
export const ModelProviderId = Schema.Literals(["demo", "openai-compatible", "chatgpt"]);
export type ModelProviderId = typeof ModelProviderId.Type;

/** `GET /api/model` of the worker: which model answers in every thread of this installation. */
export const ModelDescription = Schema.Struct({
  provider: ModelProviderId,
  /** The name sent upstream. */
  id: Schema.NonEmptyString,
  /** What the composer shows, e.g. "Demo model". */
  label: Schema.NonEmptyString,
});
export type ModelDescription = typeof ModelDescription.Type;

/** What answers the turns of a thread that uses its user's ChatGPT login. */
export const chatGptModel: ModelDescription = { provider: "chatgpt", id: "gpt-5.5", label: "GPT-5.5 (ChatGPT)" };

/** OpenCode's name of the provider of ChatGPT's models. */
export const chatGptProviderId = "openai";

/** OpenCode's names for the gateway inside a sandbox. */
export const gatewayProviderId = "threadbox";
export const gatewayModelId = "default";
