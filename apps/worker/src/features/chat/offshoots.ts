import type { MessageId, ThreadId } from "@threadbox/contracts/ids";
import { TurnMetadata } from "@threadbox/contracts/turn";
import type { UIMessage } from "ai";
import { Effect, Option, Schema } from "effect";
import { makeOpenCodeClient } from "../opencode/index.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { lineOf } from "./message-tree.ts";
import type { HeldIn } from "./session-books.ts";
import type { ChatStore } from "./store.ts";
import { heldOf } from "./thread-transcript.ts";
import type { TurnQueue } from "./turn-queue.ts";

/** A thread's conversation up to one of its answers, as one thread's agent tells another's. */
export interface Conversation {
  /** The first message first; each follows the one before. */
  readonly messages: readonly UIMessage[];
  /** The OpenCode session that holds it; null where none does. */
  readonly held: HeldIn | null;
}

const decodeMetadata = Schema.decodeUnknownOption(TurnMetadata);

const isSettled = ({ role, metadata }: UIMessage): boolean =>
  role === "user" ||
  Option.match(decodeMetadata(metadata), { onNone: () => false, onSome: ({ state }) => state !== "running" });

/** The conversation up to this answer; null where it is not there, not settled, or no answer. */
export const conversationUpTo = (
  store: Pick<ChatStore, "places" | "sessions" | "running">,
  transcript: readonly UIMessage[],
  after: MessageId,
): Conversation | null => {
  const { tree } = store.places;
  if (!tree.parents.has(after)) return null;
  const ids = lineOf(tree, after).toReversed();
  const messages = heldOf(ids, transcript);
  const isWhole = messages.length === ids.length && messages.every(isSettled);
  if (!isWhole || messages.at(-1)?.role !== "assistant") return null;
  const held = store.sessions.holding(after);
  if (held === null || held.nextPromptId !== null) return { messages, held };
  // What the turn that runs has asked is in the session, and not in the books yet.
  const running = store.running();
  const nextPromptId = running?.sessionId === held.sessionId ? running.promptId : null;
  return { messages, held: { ...held, nextPromptId } };
};

export interface OffshootsHost {
  readonly threadId: () => ThreadId;
  readonly now: () => number;
  readonly run: <A>(effect: Effect.Effect<A, never, Sandboxes>) => Promise<A>;
  /** Puts these messages in the place of the whole transcript. */
  readonly keepAll: (messages: readonly UIMessage[]) => Promise<void>;
}

/** How a thread begins with another's conversation. */
export class Offshoots {
  readonly #store: ChatStore;
  readonly #turns: TurnQueue;
  readonly #host: OffshootsHost;

  constructor(store: ChatStore, turns: TurnQueue, host: OffshootsHost) {
    this.#store = store;
    this.#turns = turns;
    this.#host = host;
  }

  /**
   * Resolves once the messages are there, with false where this thread has begun already. What OpenCode knows of them goes on here
   * as soon as the computer runs; messages wait for that.
   */
  begin({ messages, held }: Conversation): Promise<boolean> {
    const after = messages.at(-1)?.id as MessageId | undefined;
    return new Promise((resolve, reject) => {
      const beginning = this.#turns.alone(async () => {
        if (!this.#store.isEmpty()) return false;
        await this.#host.keepAll(messages);
        this.#store.adopt(messages, this.#host.now());
        resolve(true);
        if (held !== null && after !== undefined)
          await this.#host.run(Effect.ignore(this.#settleOpenCode(held, after)));
        return true;
      });
      beginning.then((hasBegun) => resolve(hasBegun ?? false), reject);
    });
  }

  /** Where it can't be done, as where the point has no such session, the next turn tells a new one what came before. */
  #settleOpenCode({ sessionId, nextPromptId }: HeldIn, after: MessageId) {
    const threadId = this.#host.threadId();
    const { sessions } = this.#store;
    return Effect.gen(function* () {
      const client = makeOpenCodeClient(yield* Sandboxes.use((sandboxes) => sandboxes.ensure(threadId)));
      if (!(yield* client.hasSession(sessionId))) return;
      const forked = nextPromptId === null ? null : yield* client.fork(sessionId, nextPromptId);
      // Without that prompt the session ends where it should.
      sessions.note(forked ?? sessionId, after);
    });
  }
}
