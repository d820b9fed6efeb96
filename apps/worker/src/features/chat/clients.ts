import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import type { ThreadRefusal } from "@threadbox/contracts/live";
import { MessageType } from "agents/chat";
import type { UIMessage } from "ai";

/** How frames reach the clients of a thread. */
export interface Wires {
  /** Nothing happens where the connection is gone. */
  readonly send: (connectionId: string, text: string) => void;
  readonly broadcast: (text: string, except: readonly string[]) => void;
}

/** Whom a frame is for: one client, all of them, or all but one. */
export type Audience = { readonly only: string } | { readonly except: string } | "all";

/** The frames that the thread itself sends, beside those of the SDK. */
export class Clients {
  readonly #wires: Wires;
  /** The transcript and, after it, what waits. */
  readonly #messages: () => readonly UIMessage[];

  constructor(wires: Wires, messages: () => readonly UIMessage[]) {
    this.#wires = wires;
    this.#messages = messages;
  }

  #send(connectionId: string | null, frame: object): void {
    if (connectionId !== null) this.#wires.send(connectionId, JSON.stringify(frame));
  }

  /** Puts right whatever these clients believe the transcript to be. */
  tellTranscript(audience: Audience): void {
    const text = JSON.stringify({ type: MessageType.CF_AGENT_CHAT_MESSAGES, messages: this.#messages() });
    if (audience === "all") this.#wires.broadcast(text, []);
    else if ("only" in audience) this.#wires.send(audience.only, text);
    else this.#wires.broadcast(text, [audience.except]);
  }

  /** A frame is refused; a chat request ends with an error, and the client's optimistic message goes. */
  refuse(connectionId: string, requestId: string | null, tag: ErrorTag, message: string): void {
    const error = { _tag: tag, message, retryable: errorTable[tag].retryable };
    const refusal: ThreadRefusal = { type: "threadbox_refused", ...(requestId === null ? {} : { requestId }), error };
    this.#send(connectionId, refusal);
    if (requestId === null) return;
    const type = MessageType.CF_AGENT_USE_CHAT_RESPONSE;
    this.#send(connectionId, { type, id: requestId, body: message, done: true, error: true });
    this.tellTranscript({ only: connectionId });
  }

  /** A stream that broke off with its agent ends for everybody; the transcript says how. */
  end(requestId: string): void {
    const type = MessageType.CF_AGENT_USE_CHAT_RESPONSE;
    this.#wires.broadcast(JSON.stringify({ type, id: requestId, body: "", done: true, outcome: "completed" }), []);
  }

  /** A chat request ends without an answer of its own. */
  dismiss(connectionId: string | null, requestId: string | null): void {
    const type = MessageType.CF_AGENT_USE_CHAT_RESPONSE;
    if (requestId !== null) this.#send(connectionId, { type, id: requestId, body: "", done: true, outcome: "skipped" });
  }
}
