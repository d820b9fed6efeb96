import { Schema } from "effect";
import { TurnId } from "./ids.ts";
import { ModelName } from "./model.ts";

/** queued → running → settled | failed | interrupted. The last three are final. */
export const TurnState = Schema.Literals(["queued", "running", "settled", "failed", "interrupted"]);
export type TurnState = typeof TurnState.Type;

export const TurnError = Schema.Struct({
  /** A tag of the error table. */
  _tag: Schema.String,
  message: Schema.String,
  retryable: Schema.Boolean,
});
export type TurnError = typeof TurnError.Type;

/** `metadata` of every assistant message (AI SDK `UIMessage`). Times are milliseconds since 1970. */
export const TurnMetadata = Schema.Struct({
  turnId: TurnId,
  state: TurnState,
  model: Schema.optionalKey(ModelName),
  startedAt: Schema.optionalKey(Schema.Number),
  endedAt: Schema.optionalKey(Schema.Number),
  error: Schema.optionalKey(TurnError),
  /** What the model read and wrote in all of its calls. Absent where it does not say. */
  tokens: Schema.optionalKey(Schema.Number),
});
export type TurnMetadata = typeof TurnMetadata.Type;

export const FileChange = Schema.Struct({
  /** Relative to the workspace. */
  path: Schema.String,
  additions: Schema.Int,
  deletions: Schema.Int,
  /** Unified diff, cut at 64 KiB. */
  diff: Schema.optionalKey(Schema.String),
});
export type FileChange = typeof FileChange.Type;

/** Names a file in which OpenCode keeps what a tool has printed, where that is too much to hand on. */
export const ToolOutputId = Schema.String.check(Schema.isPattern(/^tool_[A-Za-z0-9]{1,64}$/));

/**
 * `output` of a tool call part (AI SDK `dynamic-tool`, `toolName` as OpenCode names it: bash, write, edit, read, …).
 * While the tool runs, preliminary outputs carry the text so far and no `endedAt`.
 */
export const ToolOutput = Schema.Struct({
  title: Schema.optionalKey(Schema.String),
  text: Schema.String,
  isTruncated: Schema.Boolean,
  /** Of one that is cut: the file that has all of it (`downloadOutput`). */
  wholeOutput: Schema.optionalKey(ToolOutputId),
  exitCode: Schema.optionalKey(Schema.Int),
  /** The command was ended because it took too long. */
  isTimedOut: Schema.optionalKey(Schema.Boolean),
  startedAt: Schema.optionalKey(Schema.Number),
  endedAt: Schema.optionalKey(Schema.Number),
  files: Schema.Array(FileChange),
});
export type ToolOutput = typeof ToolOutput.Type;
