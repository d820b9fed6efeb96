import type { useAgentChat } from "@cloudflare/ai-chat/react";
import type { ErrorTag } from "@threadbox/contracts/errors";
import type { ThreadCommand, ThreadLive, ThreadRefusal } from "@threadbox/contracts/live";
import { fillPath, workerApi } from "@threadbox/contracts/worker-api";
import { AgentClient } from "agents/client";
import { WireFailure } from "../../errors/index.ts";

/** `refused`: the server will not have us, and asking again changes nothing. */
export type ConnectionState =
  | { readonly kind: "connecting" | "open" | "reconnecting" }
  | { readonly kind: "refused"; readonly failure: WireFailure };

export interface ThreadConnectionOptions {
  readonly threadId: string;
  readonly workerUrl: string;
  /** Rejects with a `WireFailure` where the server refuses, with anything else where it cannot be reached. */
  readonly getToken: () => Promise<string>;
  /** Called when a socket was not let in, so that the next attempt brings a new token. */
  readonly forgetToken: () => void;
  /** Asks by plain HTTP, which tells why, what a refused socket cannot tell. Resolves where nothing is wrong. */
  readonly probe: () => Promise<unknown>;
}

export type ChatAgent = Parameters<typeof useAgentChat>[0]["agent"];

/** Attempts that may fail in a row before the reason is asked for. */
const blindAttemptsMax = 2;

const isFinal = (error: unknown): error is WireFailure => error instanceof WireFailure && !error.isRetryable;

interface Frame {
  readonly type?: unknown;
}

const isRefusal = (frame: Frame): frame is ThreadRefusal => frame.type === "threadbox_refused";

/**
 * The socket of one thread. A browser does not tell why a socket was refused, so after two failures the reason is asked
 * for by HTTP: a refusal ends the attempts, anything else lets them go on with back-off.
 */
export class ThreadConnection extends AgentClient<ThreadLive> {
  #state: ConnectionState = { kind: "connecting" };
  #live: ThreadLive | null = null;
  #failures = 0;
  /** The socket as `useAgentChat` takes it. */
  readonly chatAgent: ChatAgent;
  readonly #options: ThreadConnectionOptions;
  readonly #listeners = new Set<() => void>();
  readonly #refusalListeners = new Set<(refusal: ThreadRefusal["error"]) => void>();
  readonly #openListeners = new Set<() => void>();

  constructor(options: ThreadConnectionOptions) {
    const { host, protocol } = new URL(options.workerUrl);
    super({
      agent: "chat",
      name: options.threadId,
      host,
      protocol: protocol === "https:" ? "wss" : "ws",
      query: async () => ({ token: await this.#takeToken() }),
      onStateUpdate: (live) => this.#change(() => (this.#live = live)),
      onIdentityChange: () => undefined,
      minReconnectionDelay: 500,
      maxReconnectionDelay: 10_000,
      reconnectionDelayGrowFactor: 1.6,
      connectionTimeout: 10_000,
    });
    this.#options = options;
    this.chatAgent = {
      agent: "chat",
      name: options.threadId,
      getHttpUrl: () => `${options.workerUrl}${fillPath(workerApi.thread.path, options)}`,
      send: (frame) => this.send(frame),
      addEventListener: (type, listener, settings) =>
        EventTarget.prototype.addEventListener.call(this, type, listener as EventListener, settings),
      removeEventListener: (type, listener) =>
        EventTarget.prototype.removeEventListener.call(this, type, listener as EventListener),
    };
    this.addEventListener("open", () => this.#onOpen());
    this.addEventListener("close", ({ code, reason }) => this.#onClose(code, reason));
    this.addEventListener("message", ({ data }) => this.#onMessage(data));
    window.addEventListener("online", this.#onOnline);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  getConnectionState = (): ConnectionState => this.#state;
  /** What the thread is doing; null until the server has said so. */
  getLive = (): ThreadLive | null => this.#live;

  onRefusal(listener: (refusal: ThreadRefusal["error"]) => void): () => void {
    this.#refusalListeners.add(listener);
    return () => void this.#refusalListeners.delete(listener);
  }

  /** Called when the socket opens again after a gap. */
  onReopen(listener: () => void): () => void {
    this.#openListeners.add(listener);
    return () => void this.#openListeners.delete(listener);
  }

  command(command: ThreadCommand): void {
    this.send(JSON.stringify(command));
  }

  dispose(): void {
    window.removeEventListener("online", this.#onOnline);
    this.#listeners.clear();
    this.close();
  }

  async #takeToken(): Promise<string> {
    try {
      return await this.#options.getToken();
    } catch (error) {
      if (isFinal(error)) this.#refuse(error);
      throw error;
    }
  }

  /** A socket that was open before the network went may be dead without knowing it. */
  readonly #onOnline = (): void => {
    if (this.#state.kind !== "refused") this.reconnect();
  };

  #onOpen(): void {
    const isReopened = this.#state.kind === "reconnecting";
    this.#failures = 0;
    this.#change(() => (this.#state = { kind: "open" }));
    if (isReopened) for (const listener of this.#openListeners) listener();
  }

  #onClose(code: number, reason: string): void {
    const wasOpen = this.#state.kind === "open";
    if (this.#state.kind === "refused") return;
    if (code >= 4400 && code < 4500) {
      this.#refuse(new WireFailure(tagOfClose(code), reason));
      return;
    }
    this.#change(() => (this.#state = { kind: "reconnecting" }));
    if (wasOpen) return;
    this.#failures += 1;
    this.#options.forgetToken();
    if (this.#failures !== blindAttemptsMax) return;
    this.#failures = 0;
    this.#options.probe().catch((error: unknown) => {
      if (isFinal(error)) this.#refuse(error);
    });
  }

  #onMessage(data: unknown): void {
    if (typeof data !== "string" || !data.includes("threadbox_refused")) return;
    const frame: Frame = JSON.parse(data);
    if (isRefusal(frame)) for (const listener of this.#refusalListeners) listener(frame.error);
  }

  #refuse(failure: WireFailure): void {
    this.#change(() => (this.#state = { kind: "refused", failure }));
    this.close();
  }

  #change(apply: () => void): void {
    apply();
    for (const listener of this.#listeners) listener();
  }
}

const tagOfClose = (code: number): ErrorTag => {
  switch (code) {
    case 4403:
      return "ThreadScopeMismatch";
    case 4429:
      return "RateLimited";
    default:
      // 4401: the thread is gone or not the user's any more; a token that merely ended closes nothing.
      return "NotFound";
  }
};
