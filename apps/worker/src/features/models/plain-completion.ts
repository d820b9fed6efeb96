import { Option, Predicate, Schema } from "effect";

const ToolCalls = Schema.Array(Schema.Record(Schema.String, Schema.Unknown));
const Completion = Schema.fromJsonString(
  Schema.StructWithRest(
    Schema.Struct({
      choices: Schema.NonEmptyArray(
        Schema.Struct({
          message: Schema.Record(Schema.String, Schema.Unknown),
          finish_reason: Schema.optionalKey(Schema.NullOr(Schema.String)),
        }),
      ),
    }),
    [Schema.Record(Schema.String, Schema.Unknown)],
  ),
);
const decodeCompletion = Schema.decodeUnknownOption(Completion);
const isToolCalls = Schema.is(ToolCalls);

const eventOf = (data: string): string => `data: ${data}\n\n`;

/**
 * The events of a whole chat completion, for a provider that answers with one although a stream was asked for; null
 * where the text is none. In a stream, tool calls are told apart by their index.
 */
export const eventsOfCompletion = (text: string): string | null => {
  const completion = Option.getOrNull(decodeCompletion(text));
  if (completion === null) return null;
  const { message, finish_reason } = completion.choices[0];
  const { tool_calls } = message;
  const delta = isToolCalls(tool_calls)
    ? { ...message, tool_calls: tool_calls.map((call, index) => ({ ...call, index })) }
    : message;
  const choice = { index: 0, delta, ...(Predicate.isString(finish_reason) ? { finish_reason } : {}) };
  const chunk = { ...completion, object: "chat.completion.chunk", choices: [choice] };
  return eventOf(JSON.stringify(chunk)) + eventOf("[DONE]");
};
