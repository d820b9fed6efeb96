import type { ModelDescription, ModelEffort, ModelTraits } from "@threadbox/contracts/model";
import type { ModelKeyKind } from "@threadbox/contracts/model-keys";
import { Predicate } from "effect";

type Told = Readonly<Record<string, unknown>>;

const everyEffort: readonly ModelEffort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const usual: readonly ModelEffort[] = ["low", "medium", "high"];

/** What counts where nobody says anything else of a model. */
const guess = (kind: ModelKeyKind): ModelTraits =>
  kind === "anthropic"
    ? { context: 200_000, output: 32_000, efforts: [] }
    : { context: 128_000, output: 16_384, efforts: [] };

/**
 * Well-known models, by the beginning of their names; the first that fits counts. OpenAI's listing has names alone, and Anthropic's
 * had no more for long.
 */
const known: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^gpt-5-chat|^gpt-5\.\d-chat/, { context: 128_000, output: 16_384, efforts: [] }],
  [/^gpt-5(?:\.\d)?-pro/, { context: 400_000, output: 128_000, efforts: [] }],
  [/^gpt-5(?:-(?:mini|nano|\d{4})|$)/, { context: 400_000, output: 128_000, efforts: ["minimal", ...usual] }],
  [/^gpt-5(?:\.\d+)?-codex/, { context: 400_000, output: 128_000, efforts: usual }],
  [/^gpt-(?:5\.|[6-9])/, { context: 400_000, output: 128_000, efforts: ["none", ...usual] }],
  [/^gpt-4\.1/, { context: 1_047_576, output: 32_768, efforts: [] }],
  [/^gpt-4o|^chatgpt-4o/, { context: 128_000, output: 16_384, efforts: [] }],
  [/^gpt-4-(?:turbo|1106|0125)/, { context: 128_000, output: 4_096, efforts: [] }],
  [/^gpt-4/, { context: 8_192, output: 4_096, efforts: [] }],
  [/^gpt-3\.5/, { context: 16_385, output: 4_096, efforts: [] }],
  [/^o1-(?:mini|preview)/, { context: 128_000, output: 32_768, efforts: [] }],
  [/^o\d(?:-pro)/, { context: 200_000, output: 100_000, efforts: [] }],
  [/^o\d/, { context: 200_000, output: 100_000, efforts: usual }],
  [/^claude-(?:3-opus|3-haiku|3-sonnet)/, { context: 200_000, output: 4_096, efforts: [] }],
  [/^claude-3-5/, { context: 200_000, output: 8_192, efforts: [] }],
  [
    /^claude-(?:opus-4-0|opus-4-1|opus-4-2025)/,
    { context: 200_000, output: 32_000, efforts: usual, effortAs: "budget" },
  ],
  [
    /^claude-(?:3-7|sonnet-4-0|sonnet-4-2025|sonnet-4-5|haiku-4-5)/,
    {
      ...{ context: 200_000, output: 64_000, efforts: usual },
      effortAs: "budget",
    },
  ],
  [/^claude-opus-4-5/, { context: 200_000, output: 64_000, efforts: usual, effortAs: "effort" }],
];

const knownOf = (id: string): ModelTraits | undefined => known.find(([name]) => name.test(id))?.[1];

/** A number of tokens as listings have it. */
const tokensIn = (...told: readonly unknown[]): number | undefined =>
  told.find((value): value is number => Number.isSafeInteger(value) && Number(value) >= 1_024 && Number(value) <= 1e9);

const objectIn = (told: unknown): Told => (Predicate.isObject(told) ? (told as Told) : {});
const isSupported = (told: unknown): boolean => objectIn(told).supported === true;

const anthropicEfforts = (told: Told): Pick<ModelTraits, "efforts" | "effortAs"> => {
  const { effort, thinking } = objectIn(told.capabilities);
  const efforts = everyEffort.filter((level) => isSupported(objectIn(effort)[level]));
  const { adaptive, enabled } = objectIn(objectIn(thinking).types);
  if (isSupported(effort) && efforts.length > 0)
    return { efforts, effortAs: isSupported(adaptive) ? "adaptive" : "effort" };
  return isSupported(enabled) ? { efforts: usual, effortAs: "budget" } : { efforts: [] };
};

/** What a listing says of one model, as Anthropic's and those of compatible endpoints have it. */
const toldBy = (kind: ModelKeyKind, told: Told): Partial<ModelTraits> => {
  if (kind === "anthropic") {
    const [context, output] = [tokensIn(told.max_input_tokens), tokensIn(told.max_tokens)];
    return {
      ...(context === undefined ? {} : { context }),
      ...(output === undefined ? {} : { output }),
      ...(Predicate.isObject(told.capabilities) ? anthropicEfforts(told) : {}),
    };
  }
  const top = objectIn(told.top_provider);
  const context = tokensIn(
    ...[told.context_length, top.context_length, told.context_window, told.max_model_len, told.max_context_length],
  );
  const output = tokensIn(top.max_completion_tokens, told.max_completion_tokens, told.max_output_tokens);
  const parameters = Array.isArray(told.supported_parameters) ? told.supported_parameters : null;
  const isThinking = parameters?.some((name) => name === "reasoning_effort" || name === "reasoning") ?? false;
  return {
    ...(context === undefined ? {} : { context }),
    ...(output === undefined ? {} : { output }),
    ...(parameters === null ? {} : { efforts: isThinking ? usual : [] }),
  };
};

/** What is known of a model: what its listing tells, then what is known of its name; undefined: nothing is, and it is the usual one. */
export const traitsOf = (kind: ModelKeyKind, id: string, listed: Told = {}): ModelTraits | undefined => {
  const told = toldBy(kind, listed);
  const byName = kind === "compatible" ? undefined : knownOf(id);
  if (kind !== "anthropic" && byName === undefined && Object.keys(told).length === 0) return undefined;
  const traits = { ...(byName ?? guess(kind)), ...told };
  return { ...traits, output: Math.min(traits.output, traits.context) };
};

/** A model as it is kept, with what is known of its name where its listing was read before anybody asked for that. */
export const withTraits = (kind: ModelKeyKind, model: ModelDescription): ModelDescription => {
  const traits = model.traits ?? traitsOf(kind, model.id);
  return traits === undefined ? model : { ...model, traits };
};
