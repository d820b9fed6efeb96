/** What one event of a streamed answer adds to the message. */
export interface Delta {
  readonly role?: "assistant";
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly id?: string;
    readonly type?: "function";
    readonly function: { readonly name?: string; readonly arguments: string };
  }[];
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } as const;

/** One server-sent event of a stream. */
export const event = (body: unknown): string => `data: ${JSON.stringify(body)}\n\n`;

const envelope = (model: string) => ({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model });

/** What an event says that adds this to the message, or ends it for this reason. */
export const chunkBody = (delta: Delta, finishReason: string | null = null, model = "double-1") => ({
  ...envelope(model),
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});

/** That event. */
export const chunk = (...said: Parameters<typeof chunkBody>): string => event(chunkBody(...said));

/** The event before the last, for those who ask for it. */
export const usageChunk = (model: string): string => event({ ...envelope(model), choices: [], usage });

/** A stream's last word. */
export const done = "data: [DONE]\n\n";

/** What a stream of these deltas says, as the one answer of a call that asks for no stream. */
export const completionOf = (deltas: readonly Delta[], finishReason: string | null, model: string) => {
  const said = (field: "content" | "reasoning_content") => deltas.map((delta) => delta[field] ?? "").join("");
  const pieces = deltas.flatMap(({ tool_calls = [] }) => tool_calls);
  const calls = pieces
    .filter(({ id }) => id !== undefined)
    .map(({ index, id, type, function: { name } }) => {
      const own = pieces.filter((piece) => piece.index === index);
      return { id, type, function: { name, arguments: own.map((piece) => piece.function.arguments).join("") } };
    });
  const reasoning = said("reasoning_content");
  const message = {
    role: "assistant",
    content: said("content") || null,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const choices = [{ index: 0, message, finish_reason: finishReason }];
  return { id: "chatcmpl-1", object: "chat.completion", created: 1, model, choices, usage };
};
