import { Schema } from "effect";

const TextPart = Schema.Struct({ type: Schema.String, text: Schema.optionalKey(Schema.String) });
const Content = Schema.Union([Schema.String, Schema.Array(TextPart), Schema.Null]);

const ChatMessage = Schema.Struct({
  role: Schema.String,
  content: Schema.optionalKey(Content),
  tool_calls: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Unknown))),
});
export type ChatMessage = typeof ChatMessage.Type;

const ChatTool = Schema.Struct({
  function: Schema.Struct({
    name: Schema.String,
    parameters: Schema.optionalKey(
      Schema.Struct({ properties: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)) }),
    ),
  }),
});
export type ChatTool = typeof ChatTool.Type;

/** The part of OpenAI's chat completion request that the demo model reads. */
export const ChatRequest = Schema.Struct({
  messages: Schema.NonEmptyArray(ChatMessage),
  tools: Schema.optionalKey(Schema.NullOr(Schema.Array(ChatTool))),
  stream: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  stream_options: Schema.optionalKey(
    Schema.NullOr(Schema.Struct({ include_usage: Schema.optionalKey(Schema.NullOr(Schema.Boolean)) })),
  ),
});
export type ChatRequest = typeof ChatRequest.Type;

export const textOf = ({ content }: ChatMessage): string => {
  if (content === undefined || content === null) return "";
  return typeof content === "string" ? content : content.map((part) => part.text ?? "").join("\n");
};
