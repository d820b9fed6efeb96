import type { ErrorTag } from "@threadbox/contracts/errors";
import { MessageId, type ThreadId, TurnId } from "@threadbox/contracts/ids";
import { PointId } from "@threadbox/contracts/points";
import { Effect, Option, Schema } from "effect";
import { log } from "../../platform/log.ts";
import { markTurn } from "../changes/index.ts";
import { makeOpenCodeClient } from "../opencode/index.ts";
import { Sandboxes } from "../sandbox/index.ts";
import type { ChatStore } from "./store.ts";
import type { TurnQueue } from "./turn-queue.ts";

/** A point, the answer that its files go with, and where the conversation goes on, where that is to change. */
const Wish = Schema.Struct({
  pointId: PointId,
  after: Schema.NullOr(MessageId),
  goesOnAfter: Schema.optionalKey(Schema.NullOr(MessageId)),
});
export type RestoreWish = typeof Wish.Type;

export type RestoreEnd =
  /** `leaf`: where the conversation ended before. */
  | { readonly kind: "restored"; readonly leaf: MessageId | null }
  | { readonly kind: "refused"; readonly tag: ErrorTag; readonly message: string };

export interface RestoresHost {
  readonly threadId: () => ThreadId;
  readonly now: () => number;
  readonly run: <A>(effect: Effect.Effect<A, never, Sandboxes>) => Promise<A>;
}

/** A restore that is under way, for an agent that takes the place of the one that began it. */
const fact = "restoring";
const Begun = Schema.Struct({ ...Wish.fields, since: Schema.Number });
const decodeBegun = Schema.decodeUnknownOption(Schema.fromJsonString(Begun));
/** One that is older was given up. */
const begunMsMax = 30 * 60_000;

const refused = (tag: ErrorTag, message: string): RestoreEnd => ({ kind: "refused", tag, message });

/** Restores of a thread's files, and of its conversation's end with them. No turn runs meanwhile. */
export class Restores {
  readonly #store: ChatStore;
  readonly #turns: TurnQueue;
  readonly #host: RestoresHost;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(store: ChatStore, turns: TurnQueue, host: RestoresHost) {
    this.#store = store;
    this.#turns = turns;
    this.#host = host;
  }

  async restore(wish: RestoreWish, { again = false } = {}): Promise<RestoreEnd> {
    const { goesOnAfter } = wish;
    if (goesOnAfter !== undefined && goesOnAfter !== null && !this.#store.places.has(goesOnAfter)) {
      return refused("Conflict", "This message is no longer in the thread.");
    }
    const ending = this.#turns.alone(() => this.#restore(wish), { again });
    this.#underWay = ending.catch(() => {});
    return (
      (await ending) ?? refused("AlreadyRunning", "The agent works, or messages wait. Stop it or take them back first.")
    );
  }

  /** Resolves when no restore is under way. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  /** Goes on with what an earlier agent has left behind; null where it has left nothing. */
  resume(): Promise<void> | null {
    const begun = Option.getOrNull(decodeBegun(this.#store.fact(fact) ?? ""));
    if (begun === null) return null;
    this.#store.setFact(fact, "");
    const { since, ...wish } = begun;
    if (this.#host.now() - since > begunMsMax) return null;
    return this.restore(wish, { again: true }).then(({ kind }) =>
      log("chat.restore.resumed", { threadId: this.#host.threadId(), end: kind }),
    );
  }

  async #restore(wish: RestoreWish): Promise<RestoreEnd> {
    const threadId = this.#host.threadId();
    const leaf = this.#store.places.leaf();
    this.#store.setFact(fact, JSON.stringify({ ...wish, since: this.#host.now() } satisfies typeof Begun.Type));
    const { pointId, after, goesOnAfter } = wish;
    const failure = await this.#host.run(
      Sandboxes.use((sandboxes) => sandboxes.restore(threadId, { pointId, after })).pipe(
        Effect.match({ onSuccess: () => null, onFailure: (error) => refused(error.wireTag, error.message) }),
      ),
    );
    if (failure === null && goesOnAfter !== undefined) this.#store.endAt(goesOnAfter);
    this.#store.setFact(fact, "");
    if (failure !== null) return failure;
    await this.#host.run(Effect.ignore(this.#settleOpenCode(goesOnAfter)));
    return { kind: "restored", leaf };
  }

  /** What OpenCode's own page shows ends where the conversation does, and what the restore changed is no turn's change. */
  #settleOpenCode(goesOnAfter: MessageId | null | undefined) {
    const turn = { turnId: TurnId.make(`restore_${this.#host.now()}`), text: "Restored files" };
    const held = goesOnAfter == null ? null : this.#store.sessions.holding(goesOnAfter);
    const store = this.#store;
    const threadId = this.#host.threadId();
    return Effect.gen(function* () {
      const sandbox = yield* Sandboxes.use((sandboxes) => sandboxes.ensure(threadId));
      yield* Effect.forkDetach(Effect.ignore(markTurn(sandbox, turn)));
      if (goesOnAfter == null || held === null || held.nextPromptId === null) return;
      const forked = yield* makeOpenCodeClient(sandbox).fork(held.sessionId, held.nextPromptId);
      if (forked !== null) store.sessions.note(forked, goesOnAfter);
    });
  }
}
