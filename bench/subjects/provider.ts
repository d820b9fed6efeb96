/**
 * An OpenAI-compatible model provider on loopback, as a program. What it answers stands in the last user message
 * (`harness/directive.ts`); without a directive it answers "Done." at once. Prints `{"port":…}` when it listens.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Directive, findDirective, machineNowMs, printToken } from "../harness/directive.ts";
import { listenAndTell } from "./listen.ts";

interface ChatRequest {
  readonly stream?: boolean;
  readonly tools?: readonly unknown[];
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
}

const bodyOf = async (request: IncomingMessage): Promise<ChatRequest> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString("utf8")) as ChatRequest;
};

const directiveOf = ({ messages = [] }: ChatRequest): Directive | undefined => {
  const last = messages.findLast(({ role }) => role === "user");
  return last === undefined ? undefined : findDirective(JSON.stringify(last.content));
};

const frame = (fields: object): string =>
  `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model: "bench", ...fields })}\n\n`;
const delta = (content: object, finish: string | null = null): string =>
  frame({ choices: [{ index: 0, delta: content, finish_reason: finish }] });
const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };

/** Resolves at a moment of the machine's clock; later tokens do not drift when one timer is late. */
const until = (atMs: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - machineNowMs())));

const stream = async (response: ServerResponse, directive: Directive | undefined) => {
  const startedAtMs = machineNowMs();
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  if (directive === undefined) response.write(delta({ role: "assistant", content: "Done." }));
  for (let index = 0; index < (directive?.tokens ?? 0) && !response.destroyed; index++) {
    const { firstMs = 0, everyMs = 0 } = directive ?? {};
    if (everyMs > 0 || index === 0) await until(startedAtMs + firstMs + index * everyMs);
    const content = printToken(index, machineNowMs());
    const hasRoom = response.write(delta(index === 0 ? { role: "assistant", content } : { content }));
    if (!hasRoom) await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
  }
  response.end(`${delta({}, "stop")}${frame({ choices: [], usage })}data: [DONE]\n\n`);
};

/** A completion of about 450 bytes. */
const completion = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1,
  model: "bench",
  choices: [{ index: 0, message: { role: "assistant", content: "word ".repeat(42) }, finish_reason: "stop" }],
  usage,
});

export const providerServer = () =>
  createServer(async (request, response) => {
    if (request.method !== "POST" || !request.url?.endsWith("/chat/completions")) {
      response.writeHead(404).end();
      return;
    }
    const body = await bodyOf(request);
    // OpenCode asks for a title without tools; that request quotes the prompt and must not be mistaken for it.
    const isTitle = body.stream === true && body.tools === undefined;
    if (body.stream) await stream(response, isTitle ? undefined : directiveOf(body));
    else response.writeHead(200, { "content-type": "application/json" }).end(completion);
  });

if (import.meta.main) await listenAndTell(providerServer());
