import type { Answer, Step } from "./answer.testing.ts";
import { cut, streamOf } from "./stream.testing.ts";

/** A call of Anthropic's messages, as far as an answer can depend on it. */
export interface MessageRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly stream?: boolean;
  readonly system?: unknown;
  readonly thinking?: unknown;
  readonly output_config?: unknown;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages: readonly {
    readonly role: "user" | "assistant";
    readonly content: string | readonly Readonly<Record<string, unknown>>[];
  }[];
}

/** What arrived with a call. */
export interface SeenMessage {
  readonly key: string | null;
  readonly beta: string | null;
  readonly body: MessageRequest;
}

const event = (type: string, rest: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

const refuse = (status: number, type: string, message: string, headers: Readonly<Record<string, string>> = {}) =>
  Response.json({ type: "error", error: { type, message } }, { status, headers });

const blocksOf = ({ content }: MessageRequest["messages"][number]) =>
  typeof content === "string" ? [{ type: "text", text: content } as Readonly<Record<string, unknown>>] : content;

/** Why the real API refuses a body; null: it takes it. */
const problemOf = (body: MessageRequest): string | null => {
  if (!Number.isInteger(body.max_tokens) || body.max_tokens < 1) return "max_tokens: Field required";
  if (!Array.isArray(body.messages) || body.messages[0]?.role !== "user")
    return 'messages: first message must use the "user" role';
  for (const [index, message] of body.messages.entries()) {
    const blocks = blocksOf(message);
    if (blocks.length === 0) return `messages.${index}: all messages must have non-empty content`;
    if (blocks.some(({ type, signature }) => type === "thinking" && typeof signature !== "string"))
      return `messages.${index}: thinking blocks need their signature`;
    const before = body.messages[index - 1];
    const called =
      before === undefined ? [] : blocksOf(before).flatMap(({ type, id }) => (type === "tool_use" ? id : []));
    const answered = blocks.flatMap(({ type, tool_use_id }) => (type === "tool_result" ? tool_use_id : []));
    if (answered.some((id) => !called.includes(id)))
      return `messages.${index}: unexpected tool_use_id found in tool_result blocks`;
    if (message.role === "user" && called.some((id) => !answered.includes(id)))
      return `messages.${index}: tool_use ids were found without tool_result blocks immediately after`;
  }
  return null;
};

/** A content block from its first event to its last. */
const blockEvents = async function* (index: number, step: Step) {
  const start = (content_block: object) => event("content_block_start", { index, content_block });
  const delta = (body: object) => event("content_block_delta", { index, delta: body });
  if (step.kind === "text") {
    yield start({ type: "text", text: "" });
    for await (const text of step.pieces) yield delta({ type: "text_delta", text });
  } else if (step.kind === "reasoning") {
    yield start({ type: "thinking", thinking: "", signature: "" });
    for await (const thinking of step.pieces) yield delta({ type: "thinking_delta", thinking });
    yield delta({ type: "signature_delta", signature: "c2lnbmF0dXJl" });
  } else if (step.kind === "call") {
    const id = step.id ?? `toolu_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
    yield start({ type: "tool_use", id, name: step.name, input: {} });
    const half = Math.ceil(step.args.length / 2);
    for (const partial_json of ["", step.args.slice(0, half), step.args.slice(half)])
      yield delta({ type: "input_json_delta", partial_json });
  }
  yield event("content_block_stop", { index });
};

const streamed = async function* (model: string, steps: readonly Step[]): AsyncGenerator<string, void> {
  const usage = { input_tokens: 12, output_tokens: 1 };
  const message = {
    id: "msg_double",
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  yield event("message_start", { message });
  yield event("ping");
  let reason = "end_turn";
  let index = 0;
  for (const step of steps) {
    if (step.kind === "raw" || step.kind === "error") {
      yield step.kind === "raw" ? step.text : event("error", { error: step.body });
      return;
    }
    if (step.kind === "leave") return;
    if (step.kind === "cut") return cut();
    if (step.kind === "silence") return await new Promise<never>(() => {});
    if (step.kind === "finish") reason = step.reason;
    else {
      yield* blockEvents(index, step);
      index += 1;
      if (step.kind === "call") reason = "tool_use";
    }
  }
  yield event("message_delta", { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 7 } });
  yield event("message_stop");
};

const yes = { supported: true };

/** Anthropic's API as far as a key opens it: `GET /v1/models` and `POST /v1/messages`, which streams. */
export class FakeAnthropic {
  /** The keys that it takes. */
  readonly keys: Set<string>;
  readonly seen: SeenMessage[] = [];
  models: readonly { readonly id: string; readonly display_name: string; readonly [told: string]: unknown }[] = [
    {
      ...{ id: "claude-sonnet-5", display_name: "Claude Sonnet 5" },
      ...{ max_input_tokens: 1_000_000, max_tokens: 64_000 },
      capabilities: {
        effort: { ...yes, low: yes, medium: yes, high: yes },
        thinking: { ...yes, types: { adaptive: yes, enabled: yes } },
      },
    },
    { id: "claude-haiku-5", display_name: "Claude Haiku 5" },
  ];
  #answerer: (request: MessageRequest) => Answer;

  constructor(keys: readonly string[], answerer: (request: MessageRequest) => Answer) {
    this.keys = new Set(keys);
    this.#answerer = answerer;
  }

  /** From now on it answers so. */
  answer(answerer: (request: MessageRequest) => Answer): void {
    this.#answerer = answerer;
  }

  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const key = request.headers.get("x-api-key");
    if (key === null || !this.keys.has(key)) return refuse(401, "authentication_error", "invalid x-api-key");
    if (request.headers.get("anthropic-version") !== "2023-06-01")
      return refuse(400, "invalid_request_error", "anthropic-version: header is required");
    if (request.method === "GET" && pathname === "/v1/models") {
      const data = this.models.map((model) => ({ type: "model", created_at: "2026-01-01T00:00:00Z", ...model }));
      return Response.json({ data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
    }
    if (request.method !== "POST" || pathname !== "/v1/messages") return refuse(404, "not_found_error", "Not found");
    const body = (await request.json()) as MessageRequest;
    this.seen.push({ key, beta: request.headers.get("anthropic-beta"), body });
    const problem = problemOf(body);
    if (problem !== null) return refuse(400, "invalid_request_error", problem);
    if (!this.models.some(({ id }) => id === body.model)) return refuse(404, "not_found_error", `model: ${body.model}`);
    const answer = this.#answerer(body);
    if (answer.kind === "refusal")
      return Response.json(answer.body, { status: answer.status, headers: answer.headers ?? {} });
    if (answer.kind !== "steps") return new Response("<html></html>", { headers: { "content-type": "text/html" } });
    return streamOf(streamed(body.model, answer.steps));
  }
}
