import type { Answer, Step } from "./answer.testing.ts";
import { cut, streamOf } from "./stream.testing.ts";

type Item = Readonly<Record<string, unknown>>;

/** A call of OpenAI's responses, as far as an answer can depend on it. */
export interface ResponsesRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly store?: boolean;
  readonly input: readonly Item[];
  readonly include?: readonly string[];
  readonly reasoning?: { readonly effort?: string; readonly summary?: string };
  readonly tools?: readonly { readonly type: string; readonly name?: string }[];
}

/** What arrived with a call. */
export interface SeenResponse {
  readonly key: string;
  readonly body: ResponsesRequest;
}

const refuse = (status: number, message: string, more: object = {}) =>
  Response.json({ error: { message, type: "invalid_request_error", param: null, code: null, ...more } }, { status });

const thinks = (model: string): boolean => !model.startsWith("gpt-4");

/** Only the same model asked with the same key opens its thoughts again. */
const sealOf = (key: string, model: string): string => btoa(`${key} ${model}`);

/** Why the real API refuses a model's parameters; null: it takes them. */
const refusedParameter = ({ model, include = [], reasoning }: ResponsesRequest, isVerified: boolean) => {
  if (!thinks(model) && reasoning !== undefined)
    return refuse(400, "Unsupported parameter: 'reasoning.effort' is not supported with this model.");
  if (!thinks(model) && include.length > 0) return refuse(400, "Encrypted content is not supported with this model.");
  if (model.includes("-pro") && !["high", undefined].includes(reasoning?.effort))
    return refuse(400, `Unsupported value: '${reasoning?.effort}' is not supported with the '${model}' model.`);
  const more = { param: "reasoning.summary", code: "unsupported_value" };
  return !isVerified && reasoning?.summary !== undefined
    ? refuse(400, "Your organization must be verified to generate reasoning summaries.", more)
    : null;
};

/** Why it refuses a conversation; null: it takes it. */
const refusedInput = ({ model, input }: ResponsesRequest, key: string) => {
  if (!Array.isArray(input) || input.length === 0) return refuse(400, "Missing required parameter: 'input'.");
  const idsOf = (type: string) => input.flatMap((item) => (item.type === type ? [String(item.call_id)] : []));
  const [called, answered] = [idsOf("function_call"), idsOf("function_call_output")];
  const orphan = answered.find((id) => !called.includes(id));
  if (orphan !== undefined) return refuse(400, `No tool call found for function call output with call_id ${orphan}.`);
  const open = called.find((id) => !answered.includes(id));
  if (open !== undefined) return refuse(400, `No tool output found for function call ${open}.`);
  const isForeign = ({ type, encrypted_content: sealed }: Item) =>
    type === "reasoning" && sealed !== sealOf(key, model);
  return input.some(isForeign)
    ? refuse(400, "The encrypted content could not be verified.", { code: "invalid_encrypted_content" })
    : null;
};

type Say = (type: string, rest?: object) => string;

/** An item of the answer from its first event to its last. */
const itemEvents = async function* (say: Say, output_index: number, step: Step, seal: string) {
  const item_id = `item_${output_index}`;
  const added = (item: object) => say("response.output_item.added", { output_index, item: { id: item_id, ...item } });
  const done = (item: object) => say("response.output_item.done", { output_index, item: { id: item_id, ...item } });
  if (step.kind === "text") {
    const at = { item_id, output_index, content_index: 0 };
    const message = { type: "message", role: "assistant" };
    yield added({ ...message, status: "in_progress", content: [] });
    yield say("response.content_part.added", { ...at, part: { type: "output_text", text: "", annotations: [] } });
    let text = "";
    for await (const delta of step.pieces) {
      text += delta;
      yield say("response.output_text.delta", { ...at, delta, logprobs: [] });
    }
    const part = { type: "output_text", text, annotations: [] };
    yield say("response.output_text.done", { ...at, text });
    yield say("response.content_part.done", { ...at, part });
    yield done({ ...message, status: "completed", content: [part] });
  } else if (step.kind === "reasoning") {
    const at = { item_id, output_index, summary_index: 0 };
    yield added({ type: "reasoning", summary: [], encrypted_content: "" });
    yield say("response.reasoning_summary_part.added", { ...at, part: { type: "summary_text", text: "" } });
    let text = "";
    for await (const delta of step.pieces) {
      text += delta;
      yield say("response.reasoning_summary_text.delta", { ...at, delta });
    }
    yield say("response.reasoning_summary_text.done", { ...at, text });
    yield say("response.reasoning_summary_part.done", { ...at, part: { type: "summary_text", text } });
    yield done({ type: "reasoning", summary: [{ type: "summary_text", text }], encrypted_content: seal });
  } else if (step.kind === "call") {
    const { name, args } = step;
    const call_id = step.id ?? `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
    const call = { type: "function_call", call_id, name };
    yield added({ ...call, status: "in_progress", arguments: "" });
    const half = Math.ceil(args.length / 2);
    for (const delta of [args.slice(0, half), args.slice(half)])
      yield say("response.function_call_arguments.delta", { item_id, output_index, delta });
    yield say("response.function_call_arguments.done", { item_id, output_index, arguments: args });
    yield done({ ...call, status: "completed", arguments: args });
  }
};

/** `finish` with a reason is an answer that is incomplete; `error` one that has failed. */
const streamed = async function* (model: string, steps: readonly Step[], seal: string): AsyncGenerator<string, void> {
  let sequence_number = 0;
  const say: Say = (type, rest = {}) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence_number++, ...rest })}\n\n`;
  const about = { id: "resp_double", object: "response", created_at: 1, model, output: [] };
  yield say("response.created", { response: { ...about, status: "in_progress" } });
  yield say("response.in_progress", { response: { ...about, status: "in_progress" } });
  const usage = { input_tokens: 12, output_tokens: 7, total_tokens: 19 };
  let index = 0;
  for (const step of steps) {
    if (step.kind === "leave") return;
    if (step.kind === "cut") return cut();
    if (step.kind === "silence") return await new Promise<never>(() => {});
    if (step.kind === "raw") return yield step.text;
    if (step.kind === "error")
      return yield say("response.failed", { response: { ...about, status: "failed", error: step.body } });
    if (step.kind === "finish") {
      const end = { status: "incomplete", incomplete_details: { reason: step.reason }, usage };
      return yield say("response.incomplete", { response: { ...about, ...end } });
    }
    yield* itemEvents(say, index, step, seal);
    index += 1;
  }
  yield say("response.completed", { response: { ...about, status: "completed", incomplete_details: null, usage } });
};

/** A response of that model's as it is streamed. `seal`: what its thoughts come to for whoever can't open them. */
export const responseOf = (model: string, steps: readonly Step[], seal = "sealed"): Response =>
  streamOf(streamed(model, steps, seal));

/** OpenAI's API as far as a key opens it, of models that speak its responses only: `GET /v1/models`, `POST /v1/responses`. */
export class FakeResponses {
  /** The keys that it takes. */
  readonly keys: Set<string>;
  readonly seen: SeenResponse[] = [];
  models: readonly string[] = ["gpt-6-sol", "gpt-5-pro", "gpt-4.1"];
  /** Whether its organization may see what its models think. */
  isVerified = true;
  #answerer: (request: ResponsesRequest) => Answer;

  constructor(keys: readonly string[], answerer: (request: ResponsesRequest) => Answer) {
    this.keys = new Set(keys);
    this.#answerer = answerer;
  }

  /** From now on it answers so. */
  answer(answerer: (request: ResponsesRequest) => Answer): void {
    this.#answerer = answerer;
  }

  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const key = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    if (!this.keys.has(key)) return refuse(401, "Incorrect API key provided.", { code: "invalid_api_key" });
    if (request.method === "GET" && pathname === "/v1/models")
      return Response.json({ object: "list", data: this.models.map((id) => ({ id, object: "model", created: 0 })) });
    if (pathname === "/v1/chat/completions")
      return refuse(404, "This model is only supported in v1/responses and not in v1/chat/completions.");
    if (request.method !== "POST" || pathname !== "/v1/responses") return refuse(404, "Unknown request URL.");
    const body = (await request.json()) as ResponsesRequest;
    this.seen.push({ key, body });
    if (!this.models.includes(body.model))
      return refuse(404, `The model '${body.model}' does not exist.`, { code: "model_not_found" });
    const refused = refusedParameter(body, this.isVerified) ?? refusedInput(body, key);
    if (refused !== null) return refused;
    const answer = this.#answerer(body);
    if (answer.kind === "refusal")
      return Response.json(answer.body, { status: answer.status, headers: answer.headers ?? {} });
    if (answer.kind !== "steps") return new Response("<html></html>", { headers: { "content-type": "text/html" } });
    return responseOf(body.model, answer.steps, sealOf(key, body.model));
  }
}
