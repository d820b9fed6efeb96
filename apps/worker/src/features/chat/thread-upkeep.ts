import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { AuditTrail } from "../../platform/audit.ts";
import type { ConvexClient } from "../../platform/convex-client.ts";
import { Outbox } from "../../platform/outbox.ts";
import { ThreadAccess, type ThreadLook } from "../threads/index.ts";
import type { ChatStore } from "./store.ts";

export interface Duties {
  readonly isBusy: boolean;
  /** A turn waits for the thread's login. */
  readonly isWaiting: boolean;
  /** Until what is owed to Convex is tried again; null where nothing is owed. */
  readonly owedInSeconds: number | null;
  readonly hasSockets: boolean;
  /** Until it is asked whether the thread is still there; null where nothing is kept of it. */
  readonly lookInSeconds: number | null;
}

const busySeconds = 10;
/** The thread is told when its login changes; this finds what was told to nobody. */
const waitingSeconds = 600;
/** An open socket's right is asked for again within a minute. */
const socketSeconds = 45;

/** When to look after the thread again; null where nothing asks for it. A lost agent is found again by the same look. */
export const nextUpkeepSeconds = ({
  isBusy,
  isWaiting,
  owedInSeconds,
  hasSockets,
  lookInSeconds,
}: Duties): number | null => {
  const waits = [
    ...(isBusy ? [busySeconds] : []),
    ...(isWaiting ? [waitingSeconds] : []),
    ...(owedInSeconds === null ? [] : [owedInSeconds]),
    ...(hasSockets ? [socketSeconds] : []),
    ...(lookInSeconds === null ? [] : [lookInSeconds]),
  ];
  return waits.length === 0 ? null : Math.min(...waits);
};

/** Which of these users may not use the thread any more. While Convex cannot be asked, nobody loses anything. */
const usersWithoutAccess = Effect.fn("usersWithoutAccess")(function* (threadId: ThreadId, users: readonly UserId[]) {
  const access = yield* ThreadAccess;
  const lost: UserId[] = [];
  for (const user of new Set(users)) {
    const isGranted = yield* Effect.catchTag(access.isGranted(threadId, user), "AccessUnknownError", () =>
      Effect.succeed(true),
    );
    if (!isGranted) lost.push(user);
  }
  return lost;
});

/** Delivers what the thread owes, and makes known what Convex will not have. */
const deliverOwed = Effect.fn("deliverOwed")(function* (threadId: ThreadId, outbox: Outbox) {
  const audit = yield* AuditTrail;
  for (const refused of yield* outbox.drain) yield* audit.setAside(threadId, refused);
});

export interface ThreadUpkeepHost {
  readonly threadId: () => ThreadId;
  readonly now: () => number;
  readonly run: <A>(effect: Effect.Effect<A, never, ConvexClient | ThreadAccess | AuditTrail>) => Promise<A>;
  readonly isBusy: () => boolean;
  readonly isWaiting: () => boolean;
  readonly sockets: () => readonly { readonly userId: UserId | null; readonly close: () => void }[];
  /** Times, in seconds since 1970, at which the thread will be looked after. */
  readonly looks: () => Promise<readonly { readonly id: string; readonly time: number }[]>;
  readonly cancelLook: (id: string) => Promise<unknown>;
  readonly scheduleLook: (seconds: number) => Promise<unknown>;
}

/** Sees to what outlasts a turn: what Convex is owed, who may listen, and that somebody looks again. */
export class ThreadUpkeep {
  readonly #store: ChatStore;
  readonly #outbox: Outbox;
  readonly #look: ThreadLook;
  readonly #host: ThreadUpkeepHost;
  #draining: Promise<void> | null = null;

  constructor(store: ChatStore, look: ThreadLook, host: ThreadUpkeepHost) {
    this.#store = store;
    this.#look = look;
    this.#outbox = new Outbox(store.outboxRows);
    this.#host = host;
  }

  /** Delivers what Convex is owed; calls that overlap share one delivery. */
  drain(): Promise<void> {
    this.#draining ??= this.#host.run(deliverOwed(this.#host.threadId(), this.#outbox)).finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  /**
   * A socket outlives the token it was opened with, and what arrives on it counts: the right behind the token is asked
   * for anew within a minute, which is sooner than a token ends.
   */
  async closeStrangers(): Promise<void> {
    const sockets = this.#host.sockets();
    const users = sockets.flatMap(({ userId }) => (userId === null ? [] : [userId]));
    const lost = await this.#host.run(usersWithoutAccess(this.#host.threadId(), users));
    for (const { userId, close } of sockets) if (userId === null || lost.includes(userId)) close();
    if (lost.length > 0) this.#look.suspect(this.#host.now());
  }

  /** Whether the thread is gone for good, and nothing of it runs any more. */
  isOver(): Promise<boolean> {
    if (this.#host.isBusy()) return Promise.resolve(false);
    return this.#host.run(this.#look.isGone(this.#host.threadId(), this.#host.now()));
  }

  /** Sees to it that the next look comes when it is due, and none when nothing is to be looked after. */
  async arm(): Promise<void> {
    const now = this.#host.now() / 1000;
    const owedAt = this.#outbox.nextAt(now * 1000);
    const seconds = nextUpkeepSeconds({
      isBusy: this.#host.isBusy(),
      isWaiting: this.#host.isWaiting(),
      owedInSeconds: owedAt === null ? null : Math.max(1, Math.ceil(owedAt / 1000 - now)),
      hasSockets: this.#host.sockets().length > 0,
      lookInSeconds: this.#store.isEmpty() ? null : Math.max(1, Math.ceil(this.#look.dueAt(now * 1000) / 1000 - now)),
    });
    const looks = await this.#host.looks();
    if (seconds !== null && looks.some(({ time }) => time > now && time <= now + seconds + 1)) return;
    for (const { id } of looks) await this.#host.cancelLook(id);
    if (seconds !== null) await this.#host.scheduleLook(seconds);
  }
}
