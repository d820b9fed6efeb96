import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { ThreadAccess } from "./access.ts";

/** Whether the thread is still there is asked so often; one that is missing is missing for good a while after the first look. */
const lookMs = 6 * 3_600_000;
const goneForGoodMs = 120_000;

/** Watches over the life of the thread that an object keeps texts for. */
export class ThreadLook {
  readonly #kv: DurableObjectStorage["kv"];

  constructor({ kv }: Pick<DurableObjectStorage, "kv">) {
    this.#kv = kv;
  }

  /** When it is to be looked after next. */
  dueAt(now: number): number {
    const known = this.#kv.get<number>("lookAt");
    if (known === undefined) this.#kv.put("lookAt", now + lookMs);
    return known ?? now + lookMs;
  }

  /** Something tells that the thread may be gone: it is looked after at once. */
  suspect(now: number): void {
    if (this.#kv.get<number | null>("goneSince") == null) this.#kv.put("lookAt", now);
  }

  /** Whether a thread is gone for good: its deletion can be taken back for some seconds. Where nobody can say, it is not. */
  readonly isGone = Effect.fnUntraced(
    function* (this: ThreadLook, threadId: ThreadId, now: number) {
      if (now < (this.#kv.get<number>("lookAt") ?? now)) return false;
      const access = yield* ThreadAccess;
      const isThere = yield* Effect.orElseSucceed(access.isGranted(threadId), () => true);
      const goneSince = isThere ? null : (this.#kv.get<number | null>("goneSince") ?? now);
      this.#kv.put("goneSince", goneSince);
      this.#kv.put("lookAt", now + (isThere ? lookMs : goneForGoodMs));
      return goneSince !== null && now - goneSince >= goneForGoodMs;
    }.bind(this),
  );
}
