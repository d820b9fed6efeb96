import type { ErrorTag } from "@threadbox/contracts/errors";
import { MessageId } from "@threadbox/contracts/ids";
import { type Ask, newPromptId } from "../opencode/index.ts";
import type { ChatStore } from "./store.ts";
import type { TurnQueue } from "./turn-queue.ts";

/** What OpenCode's own page wants of the thread. */
export type PageRequest =
  /** `isBegun`: the page has begun this session itself, so it may be another beginning of the thread. */
  | {
      readonly kind: "ask";
      readonly sessionId: string;
      readonly promptId: string | null;
      readonly ask: Ask;
      readonly isBegun: boolean;
    }
  | { readonly kind: "stop" | "owns"; readonly sessionId: string }
  /** The page has begun `forkId` with what came before this prompt; with everything, where it names none. */
  | {
      readonly kind: "forked";
      readonly sessionId: string;
      readonly forkId: string;
      readonly promptId: string | null;
    };

export type PageAnswer =
  | { readonly kind: "taken" }
  /** It is no session of the thread's, or nothing of the thread runs there. */
  | { readonly kind: "unknown" }
  | { readonly kind: "refused"; readonly tag: ErrorTag; readonly message: string };

const taken: PageAnswer = { kind: "taken" };
const unknown: PageAnswer = { kind: "unknown" };

/** Lets what a person does in OpenCode's own page into the thread. */
export class PageDoor {
  readonly #store: ChatStore;
  readonly #turns: TurnQueue;
  readonly #now: () => number;

  constructor(store: ChatStore, turns: TurnQueue, now: () => number) {
    this.#store = store;
    this.#turns = turns;
    this.#now = now;
  }

  answer(request: PageRequest): PageAnswer {
    const { sessionId } = request;
    switch (request.kind) {
      case "ask": {
        if (!request.isBegun && !this.#store.sessions.has(sessionId) && !this.#store.isEmpty()) return unknown;
        const messageId = MessageId.make(request.promptId ?? newPromptId(this.#now()));
        return this.#turns.intake.fromPage({ sessionId, messageId, ask: request.ask });
      }
      case "stop":
        return this.#turns.stopIn(sessionId) ? taken : unknown;
      case "owns":
        return this.#store.sessions.has(sessionId) ? taken : unknown;
      case "forked": {
        if (!this.#store.sessions.has(sessionId)) return unknown;
        const { forkId, promptId } = request;
        const after =
          promptId === null
            ? this.#store.sessions.endOf(sessionId)
            : this.#store.sessions.beforePrompt(sessionId, promptId);
        this.#store.page.noteFork(forkId, after);
        return taken;
      }
    }
  }
}
