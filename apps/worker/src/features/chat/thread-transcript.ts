import type { MessageId } from "@threadbox/contracts/ids";
import type { UIMessage } from "ai";
import { type Asked, askedIn } from "./asked.ts";
import type { Clients } from "./clients.ts";
import { lineOf, parentOf, pathOf } from "./message-tree.ts";
import { recapOf } from "./recap.ts";
import type { ChatStore } from "./store.ts";
import { metadataOf, type TurnRecord } from "./turn-record.ts";

/** What the transcript needs of the agent that keeps it. */
export interface TranscriptHost {
  /** Every message of every branch, in the order of their making. */
  readonly transcript: () => readonly UIMessage[];
  /** Puts this message in the place of the one with its id, or at the end. */
  readonly keep: (message: UIMessage) => Promise<void>;
  readonly clients: Clients;
}

const answerOf = (turn: TurnRecord): UIMessage => ({
  id: turn.answerId,
  role: "assistant",
  parts: JSON.parse(turn.answer ?? "[]") as UIMessage["parts"],
  metadata: metadataOf(turn),
});

/** A thread's messages: what the SDK keeps, as the turns have left it and as clients see it. */
export class ThreadTranscript {
  readonly #store: ChatStore;
  readonly #host: TranscriptHost;

  constructor(store: ChatStore, host: TranscriptHost) {
    this.#store = store;
    this.#host = host;
  }

  /** What a user asked; null: there is no such message. */
  findAsked(id: MessageId): Asked | null {
    const message = this.#host.transcript().find((known) => known.id === id && known.role === "user");
    return message === undefined ? null : askedIn(message);
  }

  /** What came before this turn on its branch. */
  recap({ userMessageId }: TurnRecord): string | null {
    const tree = this.#store.places.tree;
    const ids = lineOf(tree, parentOf(tree, userMessageId)).toReversed();
    return recapOf(heldOf(ids, this.#host.transcript()));
  }

  /** The message a turn has settled into, while it is not certain that the transcript holds it. */
  settledMessage(messageId: string): UIMessage | null {
    const turn = this.#store.unlanded().find(({ answerId }) => answerId === messageId);
    return turn === undefined ? null : answerOf(turn);
  }

  /** Sees to it that the transcript holds every settled message as it was settled. */
  async land(): Promise<void> {
    for (const turn of this.#store.unlanded()) {
      const message = answerOf(turn);
      const held = this.#host.transcript().find(({ id }) => id === message.id);
      if (JSON.stringify(held) !== JSON.stringify(message)) {
        await this.#host.keep(message);
        // Somebody who came meanwhile has been told by the SDK, which knows nothing of branches.
        this.#host.clients.tellTranscript("all");
      }
      this.#store.write({ ...turn, answer: null });
    }
  }

  /** The thread as clients see it: the selected branch, and after it what waits. */
  shown(transcript: readonly UIMessage[] = this.#host.transcript()): readonly UIMessage[] {
    return [...heldOf(pathOf(this.#store.places.tree), transcript), ...this.#waiting()];
  }

  #waiting(): readonly UIMessage[] {
    return this.#store.queued().map((turn) => ({
      id: turn.userMessageId,
      role: "user",
      parts: [...this.#store.userParts(turn)],
      metadata: metadataOf(turn),
    }));
  }
}

/** Those of these messages that the transcript holds, in this order. */
export const heldOf = (ids: readonly MessageId[], transcript: readonly UIMessage[]): readonly UIMessage[] => {
  const held = new Map(transcript.map((message) => [message.id, message]));
  return ids.flatMap((id) => held.get(id) ?? []);
};
