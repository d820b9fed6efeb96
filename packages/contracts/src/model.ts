import { Schema } from "effect";

/** Where answers come from: our deterministic demo model, or an OpenAI-compatible endpoint of the operator's. */
export const ModelProviderId = Schema.Literals(["demo", "openai-compatible"]);
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

/** OpenCode's names for the gateway inside a sandbox. */
export const gatewayProviderId = "threadbox";
export const gatewayModelId = "default";
