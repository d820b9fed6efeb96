import { type Directive, machineNowMs, printDirective } from "../harness/directive.ts";
import { serverSentData } from "../harness/sse.ts";
import { type AnswerObservation, TokenTally } from "../harness/token-tally.ts";

interface OpenCodeEvent {
  readonly type: string;
  readonly properties: { readonly sessionID?: string; readonly field?: string; readonly delta?: string };
}

const answerTimeoutMs = 120_000;

/** Somebody who prompts OpenCode and watches its event stream, directly or through a proxy. */
export class OpenCodeClient {
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #directory: string;
  readonly #closing = new AbortController();
  readonly #session: string;
  #tally: TokenTally | undefined;
  #onIdle: (() => void) | undefined;
  #onEnd: ((error: Error) => void) | undefined;

  private constructor(origin: string, authorization: string, directory: string, session: string) {
    this.#origin = origin;
    this.#headers = { authorization, "content-type": "application/json" };
    this.#directory = encodeURIComponent(directory);
    this.#session = session;
  }

  /** Opens the event stream and a session of its own. */
  static async open(origin: string, authorization: string, directory: string): Promise<OpenCodeClient> {
    const response = await fetch(`${origin}/session?directory=${encodeURIComponent(directory)}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ title: "bench" }),
    });
    if (!response.ok) throw new Error(`POST /session: ${response.status}`);
    const { id } = (await response.json()) as { id: string };
    const client = new OpenCodeClient(origin, authorization, directory, id);
    await client.#follow();
    return client;
  }

  async #follow(): Promise<void> {
    const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
    const follow = async () => {
      const response = await fetch(`${this.#origin}/event?directory=${this.#directory}`, {
        headers: this.#headers,
        signal: this.#closing.signal,
      });
      if (!response.ok || response.body === null) throw new Error(`GET /event: ${response.status}`);
      for await (const data of serverSentData(response.body)) {
        const arrivedAtMs = machineNowMs();
        const event = JSON.parse(data) as OpenCodeEvent;
        if (event.type === "server.connected") resolve();
        else this.#take(event, arrivedAtMs);
      }
      throw new Error("OpenCode closed its event stream.");
    };
    follow().catch((error: Error) => {
      reject(error);
      this.#onEnd?.(error);
    });
    await connected;
  }

  #take({ type, properties }: OpenCodeEvent, arrivedAtMs: number): void {
    if (properties.sessionID !== this.#session) return;
    if (type === "message.part.delta" && properties.field === "text")
      this.#tally?.take(properties.delta ?? "", arrivedAtMs);
    if (type === "session.idle") this.#onIdle?.();
  }

  /** Prompts and waits until OpenCode is idle again. */
  async prompt(directive: Directive): Promise<AnswerObservation> {
    const idle = new Promise<void>((resolve, reject) => {
      this.#onIdle = resolve;
      this.#onEnd = reject;
      AbortSignal.timeout(answerTimeoutMs).addEventListener("abort", () =>
        reject(new Error("OpenCode did not settle.")),
      );
    });
    const tally = new TokenTally(machineNowMs(), directive.firstMs);
    this.#tally = tally;
    const response = await fetch(`${this.#origin}/session/${this.#session}/prompt_async?directory=${this.#directory}`, {
      method: "POST",
      headers: this.#headers,
      body: JSON.stringify({ parts: [{ type: "text", text: printDirective(directive) }] }),
    });
    tally.taken(machineNowMs());
    if (!response.ok) throw new Error(`prompt_async: ${response.status} ${await response.text()}`);
    await idle;
    return tally.observe(directive.tokens);
  }

  close(): void {
    this.#closing.abort();
  }
}
