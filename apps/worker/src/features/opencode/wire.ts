import { Schema } from "effect";
import { wordLengthMax } from "./bounds.ts";

/** OpenCode's own units (1.18), as far as a turn needs them. Fields that are not named here are dropped. */

const Text = Schema.String;
/** An id or a name: kept and compared, so it is short. */
const Word = Schema.String.check(Schema.isMaxLength(wordLengthMax));
const optional = <S extends Schema.Top>(schema: S) => Schema.optionalKey(schema);
const Times = Schema.Struct({ start: optional(Schema.Number), end: optional(Schema.Number) });

/** `message.error` and `session.error`: a name, and data whose shape depends on it. */
export const OpenCodeFault = Schema.Struct({
  name: Word,
  data: optional(
    Schema.Struct({
      message: optional(Text),
      statusCode: optional(Schema.Number),
      responseBody: optional(Text),
      responseHeaders: optional(Schema.Record(Schema.String, Schema.String)),
    }),
  ),
});
export type OpenCodeFault = typeof OpenCodeFault.Type;

export const OpenCodeMessage = Schema.Struct({
  id: Word,
  role: Schema.Literals(["user", "assistant"]),
  parentID: optional(Word),
  time: Schema.Struct({ created: Schema.Number, completed: optional(Schema.Number) }),
  error: optional(OpenCodeFault),
  /** Why the model ended this answer: `stop`, `tool-calls`, `length`, `unknown` … */
  finish: optional(Word),
  /** On an assistant message `true` marks a compaction; on a user message it is an object. */
  summary: optional(Schema.Unknown),
  /** What the model says it has read and written; read by `tokensOf`. */
  tokens: optional(Schema.Unknown),
});
export type OpenCodeMessage = typeof OpenCodeMessage.Type;

export const OpenCodeToolState = Schema.Struct({
  status: Schema.Literals(["pending", "running", "completed", "error"]),
  input: optional(Schema.Unknown),
  output: optional(Text),
  error: optional(Text),
  title: optional(Text),
  metadata: optional(Schema.Record(Schema.String, Schema.Unknown)),
  time: optional(Times),
});
export type OpenCodeToolState = typeof OpenCodeToolState.Type;

const partOf = <T extends string, F extends Schema.Struct.Fields>(type: T, fields: F) =>
  Schema.Struct({ id: Word, messageID: Word, type: Schema.Literal(type), ...fields });
const written = { text: Text, time: optional(Times) };

export const OpenCodePart = Schema.Union([
  /** `synthetic`: written by OpenCode, not by a person or a model. */
  partOf("text", { ...written, synthetic: optional(Schema.Boolean) }),
  partOf("reasoning", written),
  partOf("tool", { tool: Word, callID: Text, state: OpenCodeToolState }),
  partOf("step-start", {}),
  partOf("step-finish", {}),
  partOf("compaction", {}),
]);
export type OpenCodePart = typeof OpenCodePart.Type;

/** One entry of `GET /session/:id/message`; kinds of parts that a turn has no use for stay undecoded. */
export const OpenCodeEntry = Schema.Struct({ info: OpenCodeMessage, parts: Schema.Array(Schema.Unknown) });
export type OpenCodeEntry = typeof OpenCodeEntry.Type;

export const OpenCodeSessionStatus = Schema.Union([
  Schema.Struct({ type: Schema.Literal("idle") }),
  Schema.Struct({ type: Schema.Literal("busy") }),
  Schema.Struct({ type: Schema.Literal("retry"), attempt: Schema.Number, message: Text, next: Schema.Number }),
]);
export type OpenCodeSessionStatus = typeof OpenCodeSessionStatus.Type;

const eventOf = <T extends string, F extends Schema.Struct.Fields>(type: T, properties: F) =>
  Schema.Struct({ id: optional(Word), type: Schema.Literal(type), properties: Schema.Struct(properties) });
const sessionID = Word;

/** The events that concern a turn; every other one is skipped by the reader. */
export const OpenCodeEvent = Schema.Union([
  eventOf("server.connected", {}),
  eventOf("server.heartbeat", {}),
  eventOf("session.created", { sessionID, info: Schema.Struct({ parentID: optional(Word) }) }),
  eventOf("message.updated", { sessionID, info: OpenCodeMessage }),
  eventOf("message.removed", { sessionID, messageID: Word }),
  eventOf("message.part.updated", { sessionID, part: OpenCodePart }),
  eventOf("message.part.delta", { sessionID, messageID: Word, partID: Word, field: Word, delta: Text }),
  eventOf("message.part.removed", { sessionID, messageID: Word, partID: Word }),
  eventOf("session.status", { sessionID, status: OpenCodeSessionStatus }),
  eventOf("session.idle", { sessionID }),
  eventOf("session.error", { sessionID: optional(Word), error: optional(OpenCodeFault) }),
  eventOf("permission.asked", { id: Word, sessionID }),
  eventOf("question.asked", { id: Word, sessionID }),
]);
export type OpenCodeEvent = typeof OpenCodeEvent.Type;

export const decodeEvent = Schema.decodeUnknownOption(OpenCodeEvent);
export const decodePart = Schema.decodeUnknownOption(OpenCodePart);

const typesOfInterest: ReadonlySet<string> = new Set(OpenCodeEvent.members.map(({ fields }) => fields.type.literal));
/** An event names its type before anything else that OpenCode puts into it. */
const typeAhead = /^\{\s*(?:"id"\s*:\s*"[^"\\]*"\s*,\s*)?"type"\s*:\s*"([^"\\]*)"/;

/** False for the JSON of an event that need not be parsed: its kind does not concern a turn. */
export const isOfInterest = (text: string): boolean => {
  const type = typeAhead.exec(text)?.[1];
  return type === undefined || typesOfInterest.has(type);
};
