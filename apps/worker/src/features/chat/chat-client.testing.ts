import { env, exports } from "cloudflare:workers";
import type { ThreadId } from "@threadbox/contracts/ids";
import type { ThreadLive } from "@threadbox/contracts/live";
import { readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { Effect, Redacted, Schema } from "effect";
import { Base64Url } from "effect/encoding";
import { outboundUrls } from "../../testing/outbound.testing.ts";
import { signToken, testBindings } from "../../testing/tokens.testing.ts";
import { sandboxNameOf } from "../sandbox/sandbox-name.ts";
import type { FarmOrder } from "./opencode-farm.testing.ts";

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

const isChunk = (value: unknown): value is UIMessageChunk =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** A page's socket: keeps every frame, and speaks as the SDK's client does. */
export class ChatClient {
  readonly frames: Frame[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  readonly #socket: WebSocket;
  #waiting: { readonly test: () => boolean; readonly done: () => void }[] = [];
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      this.#look();
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
      this.#look();
    });
    socket.accept();
  }

  /** `id`: what the page calls its connection; it keeps that when it connects anew. */
  static async open(threadId: ThreadId, claims: Record<string, unknown> = {}, id?: string): Promise<ChatClient> {
    const query = new URLSearchParams({ token: await signToken(threadId, { claims }), ...(id ? { _pk: id } : {}) });
    const url = `http://worker.test/agents/chat/${threadId}?${query}`;
    const headers = { upgrade: "websocket", origin: testBindings.APP_ORIGIN };
    const { webSocket, status } = await exports.default.fetch(url, { headers });
    if (webSocket === null) throw new Error(`The socket was refused: ${status}`);
    return new ChatClient(webSocket);
  }

  #look(): void {
    this.#waiting = this.#waiting.filter((entry) => {
      if (!entry.test()) return true;
      entry.done();
      return false;
    });
  }

  until(test: () => boolean): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ test, done });
      this.#look();
    });
  }

  raw(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  close(): void {
    this.#socket.close();
  }

  /** Sends a chat request with these messages; answers with its id. */
  ask(messages: readonly unknown[], more: Record<string, unknown> = {}): string {
    const id = `r${++this.#count}${crypto.randomUUID().slice(0, 8)}`;
    const body = JSON.stringify({ messages, trigger: "submit-message", ...more });
    this.raw({ type: "cf_agent_use_chat_request", id, init: { method: "POST", body } });
    return id;
  }

  say(text: string, id: string = crypto.randomUUID(), more: Record<string, unknown> = {}): string {
    return this.ask([userMessage(text, id)], more);
  }

  responses(requestId: string): readonly Frame[] {
    return this.frames.filter((frame) => frame.type === "cf_agent_use_chat_response" && frame.id === requestId);
  }

  /** The request is done with: its message is taken or refused. */
  ended(requestId: string): Promise<void> {
    return this.until(() => this.responses(requestId).some((frame) => frame.done === true));
  }

  /** The stream of an answer that this client was told of last. */
  stream(): string {
    const isBeginning = ({ type, body }: Frame) =>
      type === "cf_agent_use_chat_response" && typeof body === "string" && body.startsWith('{"type":"start"');
    return String(this.frames.findLast(isBeginning)?.id);
  }

  /** Chunks of the newest answer. */
  chunks(): readonly UIMessageChunk[] {
    return this.responses(this.stream()).flatMap(({ body }) => {
      const chunk: unknown = typeof body === "string" && body !== "" ? JSON.parse(body) : null;
      return isChunk(chunk) ? [chunk] : [];
    });
  }

  /** Text heard so far in the newest answer. */
  heard(): string {
    return this.chunks()
      .map((chunk) => (chunk.type === "text-delta" ? chunk.delta : ""))
      .join("");
  }

  /** The message that the AI SDK makes of the newest answer's chunks. */
  async message(): Promise<UIMessage | null> {
    const chunks = this.chunks();
    const stream = new ReadableStream<UIMessageChunk>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    let last: UIMessage | null = null;
    for await (const message of readUIMessageStream({ stream, terminateOnError: true })) last = message;
    return last;
  }

  /** The transcript as this client was last told it. */
  transcript(): readonly UIMessage[] {
    const frame = this.frames.findLast(({ type }) => type === "cf_agent_chat_messages");
    return (frame?.messages ?? []) as UIMessage[];
  }

  live(): ThreadLive | null {
    const frame = this.frames.findLast(({ type }) => type === "cf_agent_state");
    return (frame?.state ?? null) as ThreadLive | null;
  }

  /** Ends when the last turn has ended and nothing waits. */
  calm(): Promise<void> {
    return this.until(() => {
      const live = this.live();
      const isDone = live !== null && live.turn === null && live.queued.length === 0 && live.activity !== "idle";
      const last = this.transcript().at(-1);
      return isDone && last?.role === "assistant" && stateOf(last) === live.activity;
    });
  }

  /** As a page that has just been loaded: asks whether something is being streamed, and follows it. */
  async resume(requests = 1): Promise<string | null> {
    for (let n = 0; n < requests; n++) this.raw({ type: "cf_agent_stream_resume_request", probeId: `probe${n}` });
    const isAnswer = ({ type }: Frame) => type === "cf_agent_stream_resuming" || type === "cf_agent_stream_resume_none";
    // One is offered on connecting already.
    await this.until(() => this.frames.filter(isAnswer).length > requests);
    const answer = this.frames.find(isAnswer);
    if (answer?.type !== "cf_agent_stream_resuming") return null;
    this.raw({ type: "cf_agent_stream_resume_ack", id: answer.id });
    return String(answer.id);
  }
}

export const userMessage = (text: string, id: string = crypto.randomUUID()) => ({
  id,
  role: "user",
  parts: [{ type: "text", text }],
});

export const textOf = (message: UIMessage | undefined | null): string =>
  (message?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");

export const stateOf = (message: UIMessage | undefined | null): unknown =>
  (message?.metadata as { state?: string } | undefined)?.state;

const NameKey = Schema.Struct({ SANDBOX_NAME_KEY: Schema.String });

/** Tells the OpenCode of this thread what to do. */
export const orderOpenCode = async (threadId: ThreadId, order: FarmOrder): Promise<unknown> => {
  const { SANDBOX_NAME_KEY } = Schema.decodeUnknownSync(NameKey)(env);
  const key = Effect.runSync(Effect.fromResult(Base64Url.decode(SANDBOX_NAME_KEY)));
  const name = await Effect.runPromise(sandboxNameOf(threadId, Redacted.make(key)));
  const response = await fetch(`${outboundUrls.farm}/${name}`, { method: "POST", body: JSON.stringify(order) });
  return response.json();
};

/** What GET …/get-messages answers. */
export const readHistory = async (threadId: ThreadId): Promise<readonly UIMessage[]> => {
  const url = `http://worker.test/agents/chat/${threadId}/get-messages?token=${await signToken(threadId)}`;
  return (await exports.default.fetch(url)).json();
};

export const deleteThread = async (threadId: ThreadId): Promise<void> => {
  await fetch(`${outboundUrls.convexFaults}/${threadId}`, { method: "POST", body: "deleted" });
};

export const loseConvexAnswers = async (threadId: ThreadId, count: number): Promise<void> => {
  await fetch(`${outboundUrls.convexFaults}/${threadId}`, { method: "POST", body: String(count) });
};
