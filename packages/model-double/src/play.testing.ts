import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Pieces, Step } from "./answer.testing.ts";
import type { ChatRequest } from "./chat-request.testing.ts";
import { chunk, completionOf, type Delta, done, event, usageChunk } from "./chunks.testing.ts";

/** What an answer adds to, and how it ends: as a stream, or as one body at its end. */
interface Voice {
  readonly say: (delta: Delta) => Promise<void> | void;
  readonly finish: (reason: string | null) => void;
  /** Ends with this text, which is no event of an answer. */
  readonly blurt: (text: string) => void;
}

/** Waits while the caller takes nothing, and is over when the caller is gone. */
const write = async (response: ServerResponse, text: string): Promise<void> => {
  if (response.write(text) || response.destroyed) return;
  const taken = new AbortController();
  await Promise.race(["drain", "close"].map((name) => once(response, name, { signal: taken.signal }))).catch(() => {});
  taken.abort();
};

const streamTo = (response: ServerResponse, { model, stream_options }: ChatRequest): Voice => {
  let isFirst = true;
  const withRole = (delta: Delta): Delta => {
    if (!isFirst) return delta;
    isFirst = false;
    return { role: "assistant", ...delta };
  };
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  return {
    say: (delta) => write(response, chunk(withRole(delta), null, model)),
    finish: (reason) => {
      if (reason === null) return void response.end();
      const use = stream_options?.include_usage === true ? usageChunk(model) : "";
      response.end(`${chunk(withRole({}), reason, model)}${use}${done}`);
    },
    blurt: (text) => void response.end(text),
  };
};

const wholeTo = (response: ServerResponse, { model }: ChatRequest): Voice => {
  const deltas: Delta[] = [];
  const send = (text: string) => response.writeHead(200, { "content-type": "application/json" }).end(text);
  return {
    say: (delta) => void deltas.push(delta),
    finish: (reason) => send(JSON.stringify(completionOf(deltas, reason, model))),
    blurt: send,
  };
};

const callDeltas = (index: number, { name, args, id }: Extract<Step, { kind: "call" }>): readonly Delta[] => {
  const half = Math.ceil(args.length / 2);
  const ownId = id ?? `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
  return [
    { tool_calls: [{ index, id: ownId, type: "function", function: { name, arguments: "" } }] },
    ...[args.slice(0, half), args.slice(half)].map((piece) => ({
      tool_calls: [{ index, function: { arguments: piece } }],
    })),
  ];
};

const sayAll = async (pieces: Pieces, response: ServerResponse, say: (piece: string) => Promise<void> | void) => {
  for await (const piece of pieces) {
    if (response.destroyed) return;
    await say(piece);
  }
};

/** Does what the steps say, as a stream or as one body, whichever the call asks for. */
export const play = async (response: ServerResponse, request: ChatRequest, steps: readonly Step[]): Promise<void> => {
  const { say, finish, blurt } = request.stream === true ? streamTo(response, request) : wholeTo(response, request);
  let reason: string | undefined;
  let calls = 0;
  for (const step of steps) {
    if (step.kind === "text") await sayAll(step.pieces, response, (content) => say({ content }));
    else if (step.kind === "reasoning")
      await sayAll(step.pieces, response, (reasoning_content) => say({ reasoning_content }));
    else if (step.kind === "call") for (const delta of callDeltas(calls++, step)) await say(delta);
    else if (step.kind === "finish") reason = step.reason;
    else if (step.kind === "raw") return blurt(step.text);
    else if (step.kind === "error")
      return blurt(request.stream === true ? event(step.body) : JSON.stringify(step.body));
    else if (step.kind === "leave") return finish(null);
    else if (step.kind === "cut") return void response.destroy();
    else return;
  }
  finish(reason ?? (calls > 0 ? "tool_calls" : "stop"));
};
