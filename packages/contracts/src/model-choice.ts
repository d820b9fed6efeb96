import { Schema } from "effect";
import { LoginId, LoginState, LoginUsage } from "./logins.ts";
import { ModelDescription } from "./model.ts";

/** Longest name of a model, in characters. */
const modelIdLengthMax = 100;

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
    modelId: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(modelIdLengthMax)),
  }),
]);
export type ModelChoice = typeof ModelChoice.Type;

/** What a choice comes to. */
export const ModelAnswerer = Schema.Struct({
  model: ModelDescription,
  /** Null: the workspace's model. */
  loginId: Schema.NullOr(LoginId),
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
