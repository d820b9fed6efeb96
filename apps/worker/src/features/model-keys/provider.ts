import type { ModelDescription } from "@threadbox/contracts/model";
import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { ModelKeyKind } from "@threadbox/contracts/model-keys";
import { Option, Schema } from "effect";
import type { OwnModelsConfig } from "../../config.ts";
import { traitsOf } from "./traits.ts";

/** Whose API a key opens, and where. */
export interface KeyedProvider {
  readonly kind: ModelKeyKind;
  /** Of a compatible endpoint; null: the provider's own. */
  readonly address: string | null;
}

/** The version of Anthropic's API in which everything here is said. */
const anthropicVersion = "2023-06-01";

/** Where the provider's API begins, without a slash at the end. */
export const apiUrlOf = ({ kind, address }: KeyedProvider, { openAiUrl, anthropicUrl }: OwnModelsConfig): string => {
  if (kind === "compatible") return address ?? "";
  return kind === "openai" ? openAiUrl : anthropicUrl;
};

/** The headers by which the provider knows the key. */
export const keyHeaders = (kind: ModelKeyKind, key: string): Readonly<Record<string, string>> =>
  kind === "anthropic"
    ? { "x-api-key": key, "anthropic-version": anthropicVersion }
    : { authorization: `Bearer ${key}` };

/** Where the provider lists its models. */
export const listingUrl = (kind: ModelKeyKind, apiUrl: string): string =>
  `${apiUrl}/models${kind === "anthropic" ? "?limit=100" : ""}`;

/** What people call it in a sentence. */
export const providerName = ({ kind, address }: KeyedProvider): string => {
  if (kind === "openai") return "OpenAI";
  return kind === "anthropic" ? "Anthropic" : (URL.parse(address ?? "")?.host ?? "The provider");
};

const Listing = Schema.fromJsonString(
  Schema.Struct({
    data: Schema.Array(
      Schema.StructWithRest(
        Schema.Struct({ id: Schema.NonEmptyString, display_name: Schema.optionalKey(Schema.NullOr(Schema.String)) }),
        [Schema.Record(Schema.String, Schema.Unknown)],
      ),
    ),
  }),
);
const decodeListing = Schema.decodeUnknownOption(Listing);

/** OpenAI lists what draws, speaks, listens and embeds beside what answers in a chat. */
const openAiChats = /^(?:gpt-|chatgpt-|o\d)/;
const openAiOthers = /audio|realtime|image|tts|transcribe|search|instruct|embedding|moderation|deep-research/;
const answersChats = (kind: ModelKeyKind, id: string): boolean =>
  kind !== "openai" || (openAiChats.test(id) && !openAiOthers.test(id));

export const ownModel = (kind: ModelKeyKind, id: string, label?: string | null): ModelDescription => ({
  provider: `own-${kind}`,
  id,
  label: label?.trim() || id,
});

/** The models that a listing offers, as many as are kept; null: that is no listing. */
export const modelsIn = (kind: ModelKeyKind, text: string): readonly ModelDescription[] | null => {
  const listing = Option.getOrNull(decodeListing(text));
  if (listing === null) return null;
  const fits = listing.data.filter(({ id }) => id.length <= modelKeyLimits.modelLengthMax && answersChats(kind, id));
  return fits.slice(0, modelKeyLimits.modelsMax).map(({ id, display_name: label, ...told }) => {
    const traits = traitsOf(kind, id, told);
    const model = ownModel(kind, id, label?.slice(0, modelKeyLimits.modelLengthMax));
    return traits === undefined ? model : { ...model, traits };
  });
};
