import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";

const providerWords = {
  unreachable: "Can't reach the model provider.",
  redirected: "The model provider sent a redirect, which isn't followed.",
  endless: "The model provider's answer is too long or didn't end.",
} as const;

/** The model provider cannot be reached or answers in a way that cannot be passed on. */
export class ModelProviderError extends Schema.TaggedError<ModelProviderError>()("ModelProviderError", {
  reason: Schema.Literals(Object.keys(providerWords) as (keyof typeof providerWords)[]),
}) {
  readonly wireTag: ErrorTag = "UpstreamError";
  override get message() {
    return providerWords[this.reason];
  }
}

/** A request that is no chat completion, or too large for one. */
export class ModelRequestError extends Schema.TaggedError<ModelRequestError>()("ModelRequestError", {
  reason: Schema.Literals(["malformed", "too large"]),
}) {
  get wireTag(): ErrorTag {
    return this.reason === "too large" ? "BodyTooLarge" : "ValidationError";
  }
  override get message() {
    return this.reason === "too large"
      ? "The request to the model is too large."
      : "Can't read the request to the model.";
  }
}
