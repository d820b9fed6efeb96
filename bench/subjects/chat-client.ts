import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { threadToken } from "@threadbox/contracts/thread-token";
import { type Directive, machineNowMs, printDirective } from "../harness/directive.ts";
import { openSocket } from "../harness/open-socket.ts";
import { type AnswerObservation, TokenTally } from "../harness/token-tally.ts";
import type { Product } from "./product.ts";
import { issueThreadToken, type Viewer } from "./viewer.ts";

/** The Agents SDK's chat protocol, as far as one prompt needs it. */
interface ChatFrame {
  readonly type: string;
  readonly id?: string;
  readonly body?: string;
  readonly done?: boolean;
  readonly error?: unknown;
}
interface MessageChunk {
  readonly type: string;
  readonly delta?: string;
}

const answerTimeoutMs = 120_000;
/** A person's page says that somebody writes long before there is anything to send. */
const writingMs = 500;

/** A thread's page reduced to its WebSocket: prompts and watches the answer arrive. */
export class ChatClient {
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(product: Product, viewer: Viewer): Promise<ChatClient> {
    const url = new URL(`/agents/chat/${viewer.threadId}`, product.addresses.worker.replace(/^http/, "ws"));
    url.searchParams.set(threadToken.queryParameter, await issueThreadToken(product, viewer));
    const socket = openSocket(url.href, { origin: product.addresses.app });
    await Promise.race([
      once(socket, "open"),
      once(socket, "error").then(() => Promise.reject(new Error("The thread's WebSocket does not open."))),
    ]);
    return new ChatClient(socket);
  }

  /** Prompts and waits until the turn is over. */
  async prompt(directive: Directive): Promise<AnswerObservation> {
    this.#socket.send(JSON.stringify({ type: "threadbox_composing" }));
    await setTimeout(writingMs);
    const id = randomUUID();
    const message = { id: randomUUID(), role: "user", parts: [{ type: "text", text: printDirective(directive) }] };
    const tally = new TokenTally(machineNowMs(), directive.firstMs);
    const settled = this.#settled(tally);
    const body = JSON.stringify({ messages: [message], trigger: "submit-message" });
    this.#socket.send(JSON.stringify({ type: "cf_agent_use_chat_request", id, init: { method: "POST", body } }));
    await settled;
    return tally.observe(directive.tokens);
  }

  /** The request itself is done with when its message is taken; the answer is a stream that every client follows. */
  #settled(tally: TokenTally): Promise<void> {
    let stream: string | undefined;
    const over = new AbortController();
    return new Promise<void>((resolve, reject) => {
      const hear = ({ data }: MessageEvent<unknown>) => {
        const arrivedAtMs = machineNowMs();
        const frame = JSON.parse(String(data)) as ChatFrame;
        if (frame.type === "threadbox_refused") reject(new Error(String(data)));
        if (frame.type !== "cf_agent_use_chat_response") return;
        if (frame.error) {
          reject(new Error(`The turn failed: ${frame.body}`));
          return;
        }
        const chunk = frame.body ? (JSON.parse(frame.body) as MessageChunk) : undefined;
        if (chunk?.type === "start") {
          stream = frame.id;
          tally.taken(arrivedAtMs);
        }
        if (chunk?.type === "text-delta") tally.take(chunk.delta ?? "", arrivedAtMs);
        if (frame.done && frame.id === stream) resolve();
      };
      const options = { signal: over.signal };
      this.#socket.addEventListener("message", hear, options);
      this.#socket.addEventListener("close", () => reject(new Error("The thread's WebSocket closed.")), options);
      const late = AbortSignal.timeout(answerTimeoutMs);
      late.addEventListener("abort", () => reject(new Error("The turn did not settle.")), options);
    }).finally(() => over.abort());
  }

  close(): void {
    this.#socket.close();
  }
}
