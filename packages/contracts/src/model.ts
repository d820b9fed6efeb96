import { Schema } from "effect";

/**
 * Where answers come from: our deterministic demo model, an OpenAI-compatible endpoint of the operator's, a user's ChatGPT,
 * and with a user's own key OpenAI, Anthropic or an OpenAI-compatible endpoint.
 */
export const ModelProviderId = Schema.Literals([
  "demo",
  "openai-compatible",
  "chatgpt",
  "own-openai",
  "own-anthropic",
  "own-compatible",
]);
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

/**
 * The models that the pinned OpenCode has for a ChatGPT login, by its names for them; of its other models of OpenAI's a
 * login opens none. The newest first.
 */
const codexNames = {
  "gpt-6-sol": "GPT-6 Sol",
  "gpt-6-sol-fast": "GPT-6 Sol Fast",
  "gpt-6-luna": "GPT-6 Luna",
  "gpt-6-luna-fast": "GPT-6 Luna Fast",
  "gpt-6-astra": "GPT-6 Astra",
  "gpt-6-astra-fast": "GPT-6 Astra Fast",
  "gpt-5.6-sol": "GPT-5.6 Sol",
  "gpt-5.6-sol-fast": "GPT-5.6 Sol Fast",
  "gpt-5.6-luna": "GPT-5.6 Luna",
  "gpt-5.6-luna-fast": "GPT-5.6 Luna Fast",
  "gpt-5.6-terra": "GPT-5.6 Terra",
  "gpt-5.6-terra-fast": "GPT-5.6 Terra Fast",
  "gpt-5.5": "GPT-5.5",
  "gpt-5.5-fast": "GPT-5.5 Fast",
  "gpt-5.4": "GPT-5.4",
  "gpt-5.4-fast": "GPT-5.4 Fast",
  "gpt-5.4-mini": "GPT-5.4 mini",
  "gpt-5.4-mini-fast": "GPT-5.4 mini Fast",
  "gpt-5.3-codex-spark": "GPT-5.3 Codex Spark",
} as const;

/** What a ChatGPT login can answer with. */
export const codexModels: readonly ModelDescription[] = Object.entries(codexNames).map(([id, name]) => ({
  provider: "chatgpt",
  id,
  label: `${name} (ChatGPT)`,
}));

/** What a login answers with where nobody has chosen. */
export const codexDefaultId: keyof typeof codexNames = "gpt-5.5";

/** OpenCode's name of the provider of ChatGPT's models. */
export const chatGptProviderId = "openai";

/** OpenCode's names for the gateway inside a sandbox. */
export const gatewayProviderId = "threadbox";
export const gatewayModelId = "default";
/** Of a model that one of the user's own keys opens: the gateway knows which. */
export const ownModelId = "own";
/** OpenCode's name of the provider that speaks Anthropic's messages. */
export const anthropicProviderId = "anthropic";
/** Of the one that speaks OpenAI's responses with a key; `openai` itself is the login's. */
export const openAiKeyProviderId = "threadbox-openai";
