import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";

/** The model provider cannot be reached or answers in a way that cannot be passed on. */
export class ModelProviderError extends Schema.TaggedError<ModelProviderError>()("ModelProviderError", {
  reason: Schema.Literals(["unreachable", "redirected"]),
}) {
  readonly wireTag: ErrorTag = "UpstreamError";
  override get message() {
    return this.reason === "unreachable"
      ? "Can't reach the model provider."
      : "The model provider sent a redirect, which isn't followed.";
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
