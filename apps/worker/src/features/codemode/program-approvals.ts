import { DurableObject } from "cloudflare:workers";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type {
  ApprovalId,
  DecideApproval,
  PendingApproval,
  ProgramApproval,
  ProgramPolicy,
} from "@threadbox/contracts/program-approval";
import { Deferred, Effect, type Layer, ManagedRuntime } from "effect";
import { AuditTrail } from "../../platform/audit.ts";
import { logDefect } from "../../platform/log.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import { applyChanges } from "./apply-changes.ts";
import {
  ApprovalBook,
  type ApprovalOutcome,
  type ApprovalStanding,
  isOver,
  type NewApproval,
} from "./approval-book.ts";
import { ApprovalNews } from "./approval-news.ts";
import { asRefusal } from "./errors.ts";

/** What the object needs from outside. */
type Supplies = SandboxFiles | ApprovalNews | AuditTrail;

export interface Decider {
  readonly userId: UserId;
  readonly requestId: string;
}

/** In one thread at once. */
const pendingMax = 5;
/** One look at how an approval ends waits so long at most, so that no call hangs on an object that has gone. */
const lookMsMax = 20_000;
const againMs = 5_000;

/** One per thread: keeps what programs ask until a person has answered or the time is over, and does what was allowed. */
export class ProgramApprovals extends DurableObject<Env> {
  readonly #runtime: ManagedRuntime.ManagedRuntime<Supplies, never>;
  readonly #book: ApprovalBook;
  /** Done when an approval has moved on. */
  #change = Deferred.makeUnsafe<void>();
  readonly #applying = new Set<ApprovalId>();
  readonly #now = Date.now;

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<Supplies>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    this.#book = new ApprovalBook(ctx.storage);
  }

  /** `resumed`: the approval at which this very program, run before, still stands. */
  begin(programHash: string): { readonly policy: ProgramPolicy; readonly resumed: ApprovalId | null } {
    const resumed = this.#book.resumable(programHash, this.#now() - codemodeLimits.approvalMs);
    return { policy: this.#book.policy(), resumed };
  }

  /** Null: as many as may wait do so already. */
  async open(threadId: ThreadId, wish: NewApproval): Promise<PendingApproval | null> {
    if (this.#book.pending().length >= pendingMax) return null;
    this.ctx.storage.kv.put("threadId", threadId);
    const since = this.#now();
    const until = since + codemodeLimits.approvalMs;
    this.#book.add(wish, since, until);
    await this.#moved();
    return { approvalId: wish.approvalId, since, until };
  }

  /** How it ended; null: it has not yet, and is worth asking for again. One that is not known was withdrawn. */
  async outcome(approvalId: ApprovalId): Promise<ApprovalOutcome | null> {
    const look = (): ApprovalStanding => this.#book.standing(approvalId) ?? { state: "withdrawn", words: null };
    const known = look();
    if (isOver(known)) return known;
    await this.#runtime.runPromise(Effect.race(Deferred.await(this.#change), Effect.sleep(lookMsMax)));
    const later = look();
    return isOver(later) ? later : null;
  }

  /** Whoever ran the program knows its end; what the program returned is not needed any more. */
  told(approvalId: ApprovalId): void {
    this.#book.told(approvalId);
  }

  report(approvalId: ApprovalId): string | null {
    return this.#book.report(approvalId);
  }

  async withdraw(approvalId: ApprovalId): Promise<void> {
    if (this.#book.move(approvalId, ["pending"], { state: "withdrawn", words: null }, this.#now())) await this.#moved();
  }

  view(approvalId: ApprovalId): ProgramApproval | null {
    return this.#book.view(approvalId);
  }

  /** The first decision counts. Answers how the approval stands then; null: there is none of that name. */
  async decide(approvalId: ApprovalId, { decision }: DecideApproval, by: Decider): Promise<ApprovalStanding | null> {
    this.#expire();
    const next = decision === "deny" ? "denied" : "applying";
    if (this.#book.move(approvalId, ["pending"], { state: next, words: null }, this.#now())) {
      if (decision === "always") this.#book.setPolicy({ writes: "always" });
      await this.#moved();
      await this.#apply();
      await this.#writeDown(approvalId, decision, by);
    } else if (this.#book.standing(approvalId)?.state === "applying") await this.outcome(approvalId);
    return this.#book.standing(approvalId);
  }

  policy(): ProgramPolicy {
    return this.#book.policy();
  }

  setPolicy(policy: ProgramPolicy): ProgramPolicy {
    this.#book.setPolicy(policy);
    return policy;
  }

  override async alarm(): Promise<void> {
    this.#expire();
    await this.#apply();
    await this.#moved();
  }

  #expire(): void {
    const now = this.#now();
    for (const { approvalId, until } of this.#book.pending())
      if (until <= now) this.#book.move(approvalId, ["pending"], { state: "expired", words: null }, now);
  }

  get #threadId(): ThreadId | undefined {
    return this.ctx.storage.kv.get<ThreadId>("threadId");
  }

  /** Makes what was allowed, also where another of this object's lives was lost at it. */
  async #apply(): Promise<void> {
    const threadId = this.#threadId;
    if (threadId === undefined) return;
    for (const approvalId of this.#book.applying()) {
      if (this.#applying.has(approvalId)) continue;
      this.#applying.add(approvalId);
      try {
        const standing = await this.#runtime.runPromise(this.#made(threadId, approvalId));
        this.#book.move(approvalId, ["applying"], standing, this.#now());
      } finally {
        this.#applying.delete(approvalId);
      }
      await this.#moved();
    }
  }

  #made(threadId: ThreadId, approvalId: ApprovalId): Effect.Effect<ApprovalStanding, never, SandboxFiles> {
    return SandboxFiles.use((files) => files.open(threadId)).pipe(
      Effect.mapError(asRefusal),
      Effect.flatMap((files) => applyChanges(files, this.#book.contents(approvalId))),
      Effect.match({
        onSuccess: (): ApprovalStanding => ({ state: "applied", words: null }),
        onFailure: ({ message }): ApprovalStanding => ({ state: "failed", words: message }),
      }),
      Effect.catchDefect((cause) => {
        logDefect("codemode.apply.crashed", cause, { threadId });
        return Effect.succeed<ApprovalStanding>({ state: "failed", words: "Something went wrong on our side." });
      }),
    );
  }

  /** Tells who waits here, and the thread; what can't be told is told again. */
  async #moved(): Promise<void> {
    const told = this.#change;
    this.#change = Deferred.makeUnsafe<void>();
    Deferred.doneUnsafe(told, Effect.void);
    const { kv } = this.ctx.storage;
    const threadId = this.#threadId;
    const revision = (kv.get<number>("revision") ?? 0) + 1;
    kv.put("revision", revision);
    const pending = this.#book.pending();
    const isTold =
      threadId === undefined ||
      (await this.#runtime.runPromise(
        Effect.isSuccess(ApprovalNews.use((news) => news.tell(threadId, { revision, pending }))),
      ));
    const now = this.#now();
    const dues = [
      ...this.#book.pending().map(({ until }) => until),
      ...(isTold && this.#book.applying().length === 0 ? [] : [now + againMs]),
    ];
    await (dues.length === 0 ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(Math.min(...dues)));
  }

  async #writeDown(approvalId: ApprovalId, decision: DecideApproval["decision"], by: Decider): Promise<void> {
    const threadId = this.#threadId;
    const { state = "failed" } = this.#book.standing(approvalId) ?? {};
    await this.#runtime.runPromise(
      AuditTrail.use((trail) =>
        trail.append({
          requestId: by.requestId,
          action: decision === "deny" ? "program.denied" : "program.allowed",
          actorId: by.userId,
          ...(threadId === undefined ? {} : { threadId }),
          outcome: state === "failed" ? "failed" : "succeeded",
          reason: decision === "always" ? `${approvalId}, and every later one of the thread.` : `${approvalId}.`,
        }),
      ),
    );
  }
}
