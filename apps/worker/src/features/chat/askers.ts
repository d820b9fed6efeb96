import type { ErrorTag } from "@threadbox/contracts/errors";
import { MessageId } from "@threadbox/contracts/ids";
import { TurnMetadata } from "@threadbox/contracts/turn";
import type { UIMessage } from "ai";
import { Schema } from "effect";
import { parentOf } from "./message-tree.ts";
import type { ChatStore } from "./store.ts";
import type { TurnQueue } from "./turn-queue.ts";

/** What a program asks that waits for the answer. */
export interface Question {
  /** The same for what is asked again because its fate was not known. */
  readonly messageId: MessageId;
  readonly text: string;
  /** Where it is named, it must be a session of the thread's. */
  readonly sessionId: string | null;
}

export type Answered =
  | { readonly kind: "refused"; readonly tag: ErrorTag; readonly message: string }
  /** The turn has ended without an answer; `tag`: of the error table, where it is one. */
  | { readonly kind: "failed"; readonly tag: string; readonly message: string }
  /** `parts`: as JSON, those of the settled message. */
  | { readonly kind: "answered"; readonly sessionId: string | null; readonly parts: string };

const isMetadata = Schema.is(TurnMetadata);

const answerIn = (answer: UIMessage, sessionId: string | null): Answered => {
  const metadata = isMetadata(answer.metadata) ? answer.metadata : null;
  if (metadata?.state === "settled") return { kind: "answered", sessionId, parts: JSON.stringify(answer.parts) };
  if (metadata?.error !== undefined)
    return { kind: "failed", tag: metadata.error._tag, message: metadata.error.message };
  return { kind: "failed", tag: "Conflict", message: "The answer was stopped before its end." };
};

const takenBack: Answered = { kind: "refused", tag: "Conflict", message: "The message was taken back." };

/** Programs that wait for answers: each is told once, when the turn of its message has ended. */
export class Askers {
  readonly #store: ChatStore;
  readonly #turns: TurnQueue;
  readonly #transcript: () => readonly UIMessage[];
  readonly #waiting = new Map<MessageId, Set<(answered: Answered) => void>>();

  constructor(store: ChatStore, turns: TurnQueue, transcript: () => readonly UIMessage[]) {
    this.#store = store;
    this.#turns = turns;
    this.#transcript = transcript;
  }

  ask({ messageId, text, sessionId }: Question): Promise<Answered> {
    if (sessionId !== null && !this.#store.sessions.has(sessionId)) {
      const message = "This sandbox has no such session.";
      return Promise.resolve({ kind: "refused", tag: "NotFound", message });
    }
    const intake = this.#turns.intake.fromProgram(messageId, text);
    if (intake.kind === "refused") return Promise.resolve(intake);
    return new Promise((resolve) => {
      const others = this.#waiting.get(messageId) ?? new Set();
      this.#waiting.set(messageId, others.add(resolve));
      this.look();
    });
  }

  /** Something of the thread has moved. */
  look(): void {
    for (const [messageId, waiting] of this.#waiting) {
      const answered = this.#answerOf(messageId);
      if (answered === null) continue;
      this.#waiting.delete(messageId);
      for (const tell of waiting) tell(answered);
    }
  }

  /** Null while the turn has not ended, or the transcript does not hold what it has come to. */
  #answerOf(messageId: MessageId): Answered | null {
    const store = this.#store;
    const open = [store.running(), ...store.queued(), ...store.unlanded()];
    if (open.some((turn) => turn?.userMessageId === messageId)) return null;
    const tree = store.places.tree;
    const answer = this.#transcript().findLast(
      ({ id, role }) => role === "assistant" && parentOf(tree, MessageId.make(id)) === messageId,
    );
    return answer === undefined ? takenBack : answerIn(answer, store.sessions.shown());
  }
}
