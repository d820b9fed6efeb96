import { DurableObject } from "cloudflare:workers";
import type { ChangeThreadNetwork, CommonPolicy } from "@threadbox/contracts/egress-policy";
import type { ThreadId } from "@threadbox/contracts/ids";
import type { EgressPolicy } from "./policy.ts";
import { PolicyBook } from "./policy-book.ts";

/** One per installation, so that a decision asks once: which hosts all threads may reach, and each thread besides. */
export class EgressPolicies extends DurableObject<Env> {
  readonly #book: PolicyBook;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#book = new PolicyBook(ctx.storage.sql);
  }

  common(): CommonPolicy {
    return this.#book.common();
  }

  /** Null: another change was made meanwhile. */
  setCommon(wish: CommonPolicy): CommonPolicy | null {
    return this.#book.setCommon(wish) ? this.#book.common() : null;
  }

  of(threadId: ThreadId): EgressPolicy {
    return { common: this.#book.common(), thread: this.#book.thread(threadId) };
  }

  /** Null: the thread has as many hosts as it may. */
  change(threadId: ThreadId, change: ChangeThreadNetwork): EgressPolicy | null {
    if ("allow" in change && !this.#book.allow(threadId, change.allow)) return null;
    if ("remove" in change) this.#book.remove(threadId, change.remove);
    if ("reach" in change) this.#book.setReach(threadId, change.reach);
    return this.of(threadId);
  }
}
