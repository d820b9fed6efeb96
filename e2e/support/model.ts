import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { modelPort } from "./addresses.ts";

interface ChatRequest {
  readonly tools?: readonly unknown[];
  readonly messages: readonly { readonly role: string }[];
}

/** How the model answers from now on. */
export type Reply =
  | { readonly kind: "text"; readonly text: string }
  /** One shell command per prompt, then `Done.` */
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "failure"; readonly status: number; readonly message: string; readonly retryAfterMs: number }
  /** This text in the stream as it is, then its end. */
  | { readonly kind: "stream"; readonly text: string }
  /** A page, as a portal answers that stands in between. */
  | { readonly kind: "page" }
  /** These words, or not even headers, and then nothing more. */
  | { readonly kind: "silence"; readonly after: string | null };

export interface Model {
  readonly keysSeen: () => readonly string[];
  /** Calls since the last `reply`, and how many of them are still open. */
  readonly calls: () => { readonly made: number; readonly open: number };
  readonly reply: (reply: Reply) => void;
  readonly stop: () => Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<ChatRequest> => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return JSON.parse(text) as ChatRequest;
};

export const chunk = (delta: unknown, finishReason: string | null = null) =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "stub-1",
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`;

const toolCall = (command: string) => ({
  role: "assistant",
  tool_calls: [
    {
      index: 0,
      id: "call_1",
      type: "function",
      function: { name: "bash", arguments: JSON.stringify({ command, description: "Run a command" }) },
    },
  ],
});

const refuse = (response: ServerResponse, { status, message, retryAfterMs }: Reply & { kind: "failure" }) => {
  response.writeHead(status, {
    "content-type": "application/json",
    "retry-after": String(Math.ceil(retryAfterMs / 1_000)),
    "retry-after-ms": String(retryAfterMs),
  });
  response.end(JSON.stringify({ error: { message, type: "stub_error", code: null } }));
};

/** Few characters at a time, so that the page renders every half-written state on the way. */
const pieces = (text: string): readonly string[] => text.match(/[\s\S]{1,24}/gu) ?? [];

const stream = (
  response: ServerResponse,
  reply: Extract<Reply, { kind: "text" | "command" }>,
  { messages, tools }: ChatRequest,
) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const calls = reply.kind === "command" && (tools?.length ?? 0) > 0 && messages.at(-1)?.role === "user";
  if (calls) response.write(chunk(toolCall(reply.command)));
  else
    for (const piece of pieces(reply.kind === "text" ? reply.text : "Done.")) response.write(chunk({ content: piece }));
  response.write(chunk({}, calls ? "tool_calls" : "stop"));
  response.end("data: [DONE]\n\n");
};

const answer = (response: ServerResponse, reply: Reply, request: ChatRequest) => {
  const begin = (type: string) => response.writeHead(200, { "content-type": type });
  if (reply.kind === "failure") refuse(response, reply);
  else if (reply.kind === "stream") begin("text/event-stream").end(reply.text);
  else if (reply.kind === "page") begin("text/html").end("<html>Sign in to the network</html>");
  else if (reply.kind !== "silence") stream(response, reply, request);
  else if (reply.after !== null) begin("text/event-stream").write(chunk({ content: reply.after }));
};

/** An OpenAI-compatible endpoint that answers as it is told, and remembers the keys it was called with. */
export const startModel = async (): Promise<Model> => {
  const keys = new Set<string>();
  let reply: Reply = { kind: "text", text: "Done." };
  let calls: ServerResponse[] = [];
  const server = createServer(async (request, response) => {
    keys.add(request.headers.authorization ?? "none");
    calls.push(response);
    answer(response, reply, await bodyOf(request));
  });
  await new Promise<void>((resolve) => server.listen(modelPort, "127.0.0.1", resolve));
  return {
    keysSeen: () => [...keys],
    calls: () => ({ made: calls.length, open: calls.filter(({ closed }) => !closed).length }),
    reply: (next) => {
      reply = next;
      calls = [];
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
