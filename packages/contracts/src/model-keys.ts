import { Schema } from "effect";
import { ModelDescription } from "./model.ts";
import { modelKeyLimits } from "./model-key-limits.ts";
import { UserSecretEnd } from "./user-secrets.ts";

/** A user's own key at a model provider. */
export const ModelKeyId = Schema.String.check(Schema.isPattern(/^key_[0-9a-f]{32}$/)).pipe(Schema.brand("ModelKeyId"));
export type ModelKeyId = typeof ModelKeyId.Type;

/** Whose key it is: OpenAI's, Anthropic's, or that of an endpoint which speaks OpenAI's chat completions. */
export const ModelKeyKind = Schema.Literals(["openai", "anthropic", "compatible"]);
export type ModelKeyKind = typeof ModelKeyKind.Type;

const Name = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(modelKeyLimits.nameLengthMax));
const Value = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(modelKeyLimits.valueLengthMax));
const Address = Schema.String.check(Schema.isMaxLength(modelKeyLimits.addressLengthMax));
const ModelNames = Schema.Array(
  Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(modelKeyLimits.modelLengthMax)),
).check(Schema.isMaxLength(modelKeyLimits.namedModelsMax));

/** A key as its user sees it. Its value is in no answer. */
export const ModelKeyView = Schema.Struct({
  id: ModelKeyId,
  kind: ModelKeyKind,
  name: Schema.String,
  /** Of a compatible endpoint, without a slash at the end; null: the provider's own. */
  address: Schema.NullOr(Schema.String),
  models: Schema.Array(ModelDescription),
  /** Milliseconds since 1970, as all times here. */
  addedAt: Schema.Number,
  lastUsedAt: Schema.NullOr(Schema.Number),
  /** What the last test came to. `problem` in words; null: the provider took the key. */
  tested: Schema.Struct({ at: Schema.Number, problem: Schema.NullOr(Schema.String) }),
  /** An admin has revoked its value; null: none has. */
  ended: Schema.NullOr(UserSecretEnd),
});
export type ModelKeyView = typeof ModelKeyView.Type;

/** Answer of every route of keys: the oldest first. */
export const ModelKeyList = Schema.Struct({ keys: Schema.Array(ModelKeyView) });
export type ModelKeyList = typeof ModelKeyList.Type;

/**
 * Body of `POST /api/model-keys`. The key is tried at its provider first; one that is refused there is not kept
 * (`ValidationError`, in words).
 */
export const AddModelKey = Schema.Struct({
  kind: ModelKeyKind,
  name: Name,
  value: Value,
  /** Needed with `compatible`, refused with the others (`UrlBlocked` where it may not be reached). */
  address: Schema.optionalKey(Address),
  /** Models that a compatible endpoint doesn't list; empty: those that it lists. */
  models: Schema.optionalKey(ModelNames),
});
export type AddModelKey = typeof AddModelKey.Type;

/** Body of `PATCH /api/model-keys/:keyId`. */
export const RenameModelKey = Schema.Struct({ name: Name });
export type RenameModelKey = typeof RenameModelKey.Type;

/** Body of `PUT /api/model-keys/:keyId/value`: another value, tried first. The next request of a running turn has it. */
export const ReplaceModelKey = Schema.Struct({ value: Value });
export type ReplaceModelKey = typeof ReplaceModelKey.Type;
