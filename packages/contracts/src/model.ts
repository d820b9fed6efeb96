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

/** How hard a model thinks before it answers, from the least to the most. Models have some of them, or none. */
export const ModelEffort = Schema.Literals(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);
export type ModelEffort = typeof ModelEffort.Type;

/** What is known of one model: from its provider's listing, or because it is a well-known one. */
export const ModelTraits = Schema.Struct({
  /** The longest conversation, its answer included, in tokens. */
  context: Schema.Int,
  /** The longest answer, in tokens. */
  output: Schema.Int,
  /** What a user may choose from; empty: it thinks as hard as it does. */
  efforts: Schema.Array(ModelEffort),
  /** How Anthropic is told the effort: by that word, with the thinking that goes with it, or by a budget of tokens. */
  effortAs: Schema.optionalKey(Schema.Literals(["effort", "adaptive", "budget"])),
});
export type ModelTraits = typeof ModelTraits.Type;

const modelNameFields = {
  provider: ModelProviderId,
  /** The name sent upstream. */
  id: Schema.NonEmptyString,
  /** What the composer shows, e.g. "Demo model". */
  label: Schema.NonEmptyString,
};

/** Which model has answered. */
export const ModelName = Schema.Struct(modelNameFields);
export type ModelName = typeof ModelName.Type;

/** `GET /api/model` of the worker: which model answers in every thread of this installation. */
export const ModelDescription = Schema.Struct({
  ...modelNameFields,
  /** Of a user's own key's model, where it is known. */
  traits: Schema.optionalKey(ModelTraits),
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
/** Of a model that one of the user's own keys opens: the gateway knows which. Of one of which nothing is known it is this one. */
export const ownModelId = "own";

/**
 * The same for models of other sizes, in tokens, the smallest first: by them OpenCode knows when a conversation grows too long. A model
 * that isn't among them counts as the next smaller one; what it may answer at most, the gateway says besides.
 */
export const ownModelSizes: readonly { readonly id: string; readonly context: number; readonly output: number }[] = [
  { id: "own-16k", context: 16_000, output: 4_000 },
  { id: "own-32k", context: 32_000, output: 8_000 },
  { id: "own-64k", context: 64_000, output: 8_000 },
  { id: ownModelId, context: 128_000, output: 16_384 },
  { id: "own-200k", context: 200_000, output: 32_000 },
  { id: "own-400k", context: 400_000, output: 32_000 },
  { id: "own-1m", context: 1_000_000, output: 32_000 },
];

/** OpenCode's name for one of the user's own models. */
export const ownModelOf = ({ traits }: ModelDescription): string => {
  if (traits === undefined) return ownModelId;
  return (ownModelSizes.findLast(({ context }) => context <= traits.context) ?? ownModelSizes[0])?.id ?? ownModelId;
};
/** OpenCode's name of the provider that speaks Anthropic's messages. */
export const anthropicProviderId = "anthropic";
/** Of the one that speaks OpenAI's responses with a key; `openai` itself is the login's. */
export const openAiKeyProviderId = "threadbox-openai";
