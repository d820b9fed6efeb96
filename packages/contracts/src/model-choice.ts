import { Schema } from "effect";
import { LoginId, LoginState, LoginUsage } from "./logins.ts";
import { ModelDescription, ModelEffort } from "./model.ts";
import { modelKeyLimits } from "./model-key-limits.ts";
import { ModelKeyId, ModelKeyKind } from "./model-keys.ts";

const ModelId = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(modelKeyLimits.modelLengthMax));

/**
 * What a thread is to be answered by, from its next turn on. `default`: the user's default login where they use it in
 * every thread, else the workspace's model. `workspace`: the workspace's model, whatever is connected.
 */
export const ModelChoice = Schema.Union([
  Schema.Struct({ kind: Schema.Literals(["default", "workspace"]) }),
  Schema.Struct({
    kind: Schema.Literal("login"),
    loginId: LoginId,
    /** One of `codexModels`. */
    modelId: ModelId,
  }),
  /** One of the user's own keys, and one of its models. */
  Schema.Struct({
    kind: Schema.Literal("key"),
    keyId: ModelKeyId,
    modelId: ModelId,
    /** One of the model's; absent: as the provider has it. */
    effort: Schema.optionalKey(ModelEffort),
  }),
]);
export type ModelChoice = typeof ModelChoice.Type;

/** What a choice comes to. */
export const ModelAnswerer = Schema.Struct({
  model: ModelDescription,
  /** Null, as the key: the workspace's model. */
  loginId: Schema.NullOr(LoginId),
  keyId: Schema.NullOr(ModelKeyId),
  /** The key was removed since it was chosen: nothing answers before something else is chosen. */
  isGone: Schema.Boolean,
});
export type ModelAnswerer = typeof ModelAnswerer.Type;

/** A login, and what it can answer with. */
export const OfferedLogin = Schema.Struct({
  id: LoginId,
  name: Schema.String,
  /** Masked, such as `a***@example.com`. */
  account: Schema.String,
  /** In `reauth` it answers nothing before it is connected again. */
  state: LoginState,
  models: Schema.Array(ModelDescription),
  /** The shortest window first; empty: OpenAI has said nothing. */
  usage: Schema.Array(LoginUsage),
});
export type OfferedLogin = typeof OfferedLogin.Type;

/** One of the user's own keys, and what it can answer with. */
export const OfferedKey = Schema.Struct({
  id: ModelKeyId,
  name: Schema.String,
  kind: ModelKeyKind,
  models: Schema.Array(ModelDescription),
});
export type OfferedKey = typeof OfferedKey.Type;

/**
 * Answer of the routes of models: all that a user may use, and what answers. `GET` with `?seen=REVISION` waits until there
 * is another revision, at most `loginLimits.listWaitMsMax`. `?thread=ID` asks for that thread; without it the choice is
 * the one of a thread nobody has chosen for.
 */
export const ModelList = Schema.Struct({
  /** Grows with every change of the user's logins and choices. */
  revision: Schema.Int,
  /** The server's clock, in milliseconds since 1970. */
  now: Schema.Number,
  workspace: ModelDescription,
  /** The one connected first is first. */
  logins: Schema.Array(OfferedLogin),
  /** The one added first is first. */
  keys: Schema.Array(OfferedKey),
  /** What the user has marked, in the order in which they did. */
  favourites: Schema.Array(ModelChoice),
  choice: ModelChoice,
  /** What answers the thread's next turn. */
  answerer: ModelAnswerer,
  /** What would, by `default`. */
  byDefault: ModelAnswerer,
});
export type ModelList = typeof ModelList.Type;

/** Body of `PUT` to a thread's model. A login that isn't the user's is `NotFound`, an unknown model `ValidationError`. */
export const ChooseModel = Schema.Struct({ choice: ModelChoice });
export type ChooseModel = typeof ChooseModel.Type;

/** Body of `PUT` to the favourites: marks a choice, or takes the mark away. */
export const MarkFavourite = Schema.Struct({ choice: ModelChoice, isFavourite: Schema.Boolean });
export type MarkFavourite = typeof MarkFavourite.Type;
