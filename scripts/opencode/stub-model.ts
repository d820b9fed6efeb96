import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** One thing the stub model does in answer to a request. */
export type StubStep =
  | { readonly kind: "text"; readonly deltas: readonly string[]; readonly pauseMs?: number }
  | { readonly kind: "reasoning"; readonly deltas: readonly string[] }
  | { readonly kind: "call"; readonly name: string; readonly args: unknown; readonly id?: string }
  | { readonly kind: "rawCall"; readonly name: string; readonly args: string }
  | { readonly kind: "status"; readonly status: number; readonly body: unknown; readonly retryAfter?: string }
  /** Breaks the connection. */
  | { readonly kind: "cut" }
  /** Ends the stream in good order, but without a finish reason. */
  | { readonly kind: "leave" }
  /** Says this instead of what was played. */
  | { readonly kind: "finish"; readonly reason: string }
  /** An error in the middle of the stream. */
  | { readonly kind: "error"; readonly body: unknown };

/** Decides what the model answers: the scenario's name, and how many answers it has given in it (from 0). */
export type StubScript = (scenario: string, answered: number) => readonly StubStep[];

interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
}

const textOf = (content: unknown): string =>
  typeof content === "string"
    ? content
    : Array.isArray(content)
      ? content.map((part: { text?: string }) => part.text ?? "").join("")
      : "";

const bodyOf = async (request: IncomingMessage): Promise<{ messages: ChatMessage[] }> => {
  const bytes: Buffer[] = [];
  for await (const piece of request) bytes.push(piece as Buffer);
  return JSON.parse(Buffer.concat(bytes).toString("utf8")) as { messages: ChatMessage[] };
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const send = (response: ServerResponse, delta: unknown, finish: string | null = null) =>
  response.write(
    `data: ${JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: "stub-1",
      choices: [{ index: 0, delta, finish_reason: finish }],
    })}\n\n`,
  );

const play = async (response: ServerResponse, steps: readonly StubStep[]) => {
  const refusal = steps.find((step) => step.kind === "status");
  if (refusal !== undefined) {
    if (refusal.retryAfter !== undefined) response.setHeader("retry-after", refusal.retryAfter);
    response.writeHead(refusal.status, { "content-type": "application/json" });
    response.end(JSON.stringify(refusal.body));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  send(response, { role: "assistant", content: "" });
  let calls = 0;
  let finish: string | null = null;
  for (const step of steps) {
    if (step.kind === "cut") return void response.destroy();
    if (step.kind === "leave") return void response.end();
    if (step.kind === "error") return void response.end(`data: ${JSON.stringify(step.body)}\n\n`);
    if (step.kind === "finish") finish = step.reason;
    if (step.kind === "text")
      for (const delta of step.deltas) {
        send(response, { content: delta });
        await pause(step.pauseMs ?? 20);
      }
    if (step.kind === "reasoning")
      for (const delta of step.deltas) {
        send(response, { reasoning_content: delta });
        await pause(20);
      }
    if (step.kind === "call" || step.kind === "rawCall") {
      const index = calls++;
      const id = (step.kind === "call" ? step.id : undefined) ?? `call_${Date.now().toString(36)}_${index}`;
      send(response, { tool_calls: [{ index, id, type: "function", function: { name: step.name, arguments: "" } }] });
      const args = step.kind === "call" ? JSON.stringify(step.args) : step.args;
      const half = Math.ceil(args.length / 2);
      for (const piece of [args.slice(0, half), args.slice(half)]) {
        send(response, { tool_calls: [{ index, function: { arguments: piece } }] });
        await pause(10);
      }
    }
  }
  send(response, {}, finish ?? (calls > 0 ? "tool_calls" : "stop"));
  response.write(
    `data: ${JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: "stub-1",
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    })}\n\ndata: [DONE]\n\n`,
  );
  response.end();
};

/** An OpenAI-compatible endpoint on loopback that plays a script. The last user message names the scenario. */
export const startStubModel = async (script: StubScript): Promise<{ server: Server; baseUrl: string }> => {
  const answered = new Map<string, number>();
  const server = createServer(async (request, response) => {
    if (!request.url?.endsWith("/chat/completions")) return void response.writeHead(404).end();
    const { messages } = await bodyOf(request);
    const last = messages.findLast((message) => message.role === "user");
    const scenario = /scenario:([a-z0-9-]+)/.exec(textOf(last?.content))?.[1] ?? "none";
    const count = answered.get(scenario) ?? 0;
    answered.set(scenario, count + 1);
    await play(response, script(scenario, count));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stub model has no port.");
  return { server, baseUrl: `http://127.0.0.1:${address.port}/v1` };
};
