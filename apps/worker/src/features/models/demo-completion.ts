import { gatewayModelId } from "@threadbox/contracts/model";
import type { ChatRequest } from "./chat-request.ts";
import { textOf } from "./chat-request.ts";
import type { DemoAnswer } from "./demo-model.ts";

/** Characters per streamed piece: small enough that a page visibly grows. */
const pieceLength = 12;
const charactersPerToken = 4;

const pieces = (text: string): string[] => text.match(new RegExp(`[\\s\\S]{1,${pieceLength}}`, "gu")) ?? [];
const tokens = (text: string): number => Math.ceil(text.length / charactersPerToken);

const finishReasonOf = (answer: DemoAnswer) => (answer.kind === "text" ? "stop" : "tool_calls");
const producedBy = (answer: DemoAnswer) => (answer.kind === "text" ? answer.text : JSON.stringify(answer.input));

const usageOf = (request: ChatRequest, answer: DemoAnswer) => {
  const prompt = request.messages.reduce((count, message) => count + tokens(textOf(message)), 0);
  const completion = tokens(producedBy(answer));
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
};

interface Stamp {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** The answer as one JSON document, in OpenAI's shape. */
export const demoCompletion = (request: ChatRequest, answer: DemoAnswer, stamp: Stamp) => ({
  ...stamp,
  object: "chat.completion",
  model: gatewayModelId,
  choices: [
    {
      index: 0,
      finish_reason: finishReasonOf(answer),
      message:
        answer.kind === "text"
          ? { role: "assistant", content: answer.text }
          : {
              role: "assistant",
              content: null,
              tool_calls: [
                {
                  id: answer.id,
                  type: "function",
                  function: { name: answer.tool, arguments: JSON.stringify(answer.input) },
                },
              ],
            },
    },
  ],
  usage: usageOf(request, answer),
});

const deltasOf = (answer: DemoAnswer): readonly Record<string, unknown>[] => {
  if (answer.kind === "text") return pieces(answer.text).map((content) => ({ content }));
  const argumentPieces = pieces(JSON.stringify(answer.input));
  return [
    {
      tool_calls: [{ index: 0, id: answer.id, type: "function", function: { name: answer.tool, arguments: "" } }],
    },
    ...argumentPieces.map((piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
  ];
};

/** The same answer as the data of server-sent events, in order, ending with `[DONE]`. */
export const demoChunks = (request: ChatRequest, answer: DemoAnswer, stamp: Stamp): readonly string[] => {
  const chunk = (delta: Record<string, unknown>, finishReason: string | null = null) => ({
    ...stamp,
    object: "chat.completion.chunk",
    model: gatewayModelId,
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });
  const usage = request.stream_options?.include_usage
    ? [{ ...chunk({}), choices: [], usage: usageOf(request, answer) }]
    : [];
  return [
    chunk({ role: "assistant", content: "" }),
    ...deltasOf(answer).map((delta) => chunk(delta)),
    chunk({}, finishReasonOf(answer)),
    ...usage,
  ]
    .map((value) => JSON.stringify(value))
    .concat("[DONE]");
};
