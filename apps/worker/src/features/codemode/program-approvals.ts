import { DurableObject } from "cloudflare:workers";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type {
  AnsweredQuestion,
  AnswerQuestion,
  ApprovalId,
  DecideApproval,
  PendingApproval,
  ProgramApproval,
  ProgramPolicy,
  ProgramQuestion,
} from "@threadbox/contracts/program-approval";
import type { KeepSnippet, ProgramRuns, Snippet, SnippetId } from "@threadbox/contracts/program-runs";
import { Deferred, Effect, type Layer, ManagedRuntime } from "effect";
import { type AuditEntry, AuditTrail } from "../../platform/audit.ts";
import { logDefect } from "../../platform/log.ts";
import { type ThreadAccess, ThreadLook } from "../threads/index.ts";
import {
  ApprovalBook,
  type ApprovalEnd,
  type ApprovalStanding,
  asTold,
  isOver,
  type NewApproval,
} from "./approval-book.ts";
import { ApprovalNews } from "./approval-news.ts";
import { makeAllowed } from "./make-allowed.ts";
import { type NewQuestion, QuestionBook, type QuestionStanding } from "./question-book.ts";
import { type NewReceipt, type ReceiptPlace, RunBook, sha256 } from "./run-book.ts";
import type { ToolServices } from "./tool.ts";
import { undone } from "./undone.ts";

/** What the object needs from outside. */
type Supplies = ToolServices | ApprovalNews | AuditTrail | ThreadAccess;

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
  #book: ApprovalBook;
  #questions: QuestionBook;
  #runs: RunBook;
  readonly #thread: ThreadLook;
  /** Done when an approval has moved on. */
  #change = Deferred.makeUnsafe<void>();
  readonly #applying = new Set<ApprovalId>();
  readonly #now = Date.now;

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<Supplies>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    this.#book = new ApprovalBook(ctx.storage);
    this.#questions = new QuestionBook(ctx.storage);
    this.#runs = new RunBook(ctx.storage);
    this.#thread = new ThreadLook(ctx.storage);
  }

  /** `resumed`: the approval at which this very program, run before, still stands. */
  begin(programHash: string): { readonly policy: ProgramPolicy; readonly resumed: ApprovalId | null } {
    const resumed = this.#book.resumable(programHash, this.#now() - codemodeLimits.approvalMs);
    return { policy: this.#book.policy(), resumed };
  }

  /** Null: as many as may wait do so already. */
  async open(threadId: ThreadId, wish: NewApproval): Promise<PendingApproval | null> {
    this.ctx.storage.kv.put("threadId", threadId);
    const since = this.#now();
    const until = since + codemodeLimits.approvalMs;
    const undoable = await Promise.all(
      wish.changes.map(async ({ path, content, before }) => ({
        ...{ path, before },
        made: content === null ? null : await sha256(content),
      })),
    );
    if (this.#pending().length >= pendingMax) return null;
    this.#book.add(wish, undoable, since, until);
    await this.#moved();
    return { approvalId: wish.approvalId, since, until };
  }

  /** How it ended; null: it has not yet, and is worth asking for again. One that is not known was withdrawn. */
  async outcome(approvalId: ApprovalId): Promise<ApprovalEnd | null> {
    const look = (): ApprovalEnd | null => {
      const standing = asTold(this.#book.standing(approvalId) ?? { state: "withdrawn", words: null });
      if (!isOver(standing)) return null;
      const changes = this.#book.undos.has(approvalId) ? approvalId : null;
      return { ...standing, sent: this.#book.requests.sent(approvalId), changes };
    };
    return this.#lookAwhile(look);
  }

  async #lookAwhile<A>(look: () => A | null): Promise<A | null> {
    const known = look();
    if (known !== null) return known;
    await this.#runtime.runPromise(Effect.race(Deferred.await(this.#change), Effect.sleep(lookMsMax)));
    return look();
  }

  /** Null: as many as may wait do so already. */
  async ask(threadId: ThreadId, wish: NewQuestion): Promise<ApprovalId | null> {
    const now = this.#now();
    const known = this.#questions.asked(wish, now);
    if (known !== null) return known;
    if (this.#pending().length >= pendingMax) return null;
    this.ctx.storage.kv.put("threadId", threadId);
    this.#questions.add(wish, now, now + codemodeLimits.approvalMs);
    await this.#moved();
    return wish.approvalId;
  }

  /** How a question ended; null: it has not yet, and is worth asking for again. One that is not known was withdrawn. */
  answered(approvalId: ApprovalId): Promise<QuestionStanding | null> {
    return this.#lookAwhile(() => {
      const standing = this.#questions.standing(approvalId) ?? { state: "withdrawn", answer: null };
      return standing.state === "pending" ? null : standing;
    });
  }

  question(approvalId: ApprovalId): ProgramQuestion | null {
    return this.#questions.view(approvalId);
  }

  /** The first answer counts. Answers how the question stands then; null: there is none of that name. */
  async answer(approvalId: ApprovalId, { answer }: AnswerQuestion): Promise<AnsweredQuestion | null> {
    this.#expire();
    const { choices = [] } = this.#questions.view(approvalId) ?? {};
    const isAnswer = answer === null || choices.length === 0 || choices.includes(answer);
    const state = answer === null ? "declined" : "answered";
    const isNews = isAnswer && this.#questions.close(approvalId, { state, answer }, this.#now());
    // Once it is told, the program may come to its end and be forgotten.
    const standing = this.#questions.standing(approvalId);
    if (isNews) await this.#moved();
    return standing;
  }

  programOf(programHash: string): string | null {
    return this.#questions.programOf(programHash);
  }

  ranOut(programHash: string): void {
    this.#questions.forget(programHash);
  }

  /** Whoever ran the program knows its end; what the program returned is not needed any more. */
  told(approvalId: ApprovalId): void {
    this.#book.told(approvalId);
  }

  report(approvalId: ApprovalId): string | null {
    return this.#book.report(approvalId);
  }

  async withdraw(approvalId: ApprovalId): Promise<void> {
    const now = this.#now();
    const isOver =
      this.#book.move(approvalId, ["pending"], { state: "withdrawn", words: null }, now) ||
      this.#questions.close(approvalId, { state: "withdrawn", answer: null }, now);
    if (isOver) await this.#moved();
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

  /** Puts the files of an approval back as they were before it. Answers how it stands then; null: there is none of that name. */
  async undo(approvalId: ApprovalId, by: Decider): Promise<ApprovalStanding | null> {
    const standing = this.#book.standing(approvalId);
    const threadId = this.#threadId;
    if (threadId === undefined || standing?.state !== "applied") return standing;
    const made = await this.#runtime.runPromise(undone(threadId, this.#book.undos.changes(approvalId)));
    if (made.state !== "undone") return made;
    if (this.#book.move(approvalId, ["applied"], made, this.#now()))
      await this.#append(by, { action: "program.undone", outcome: "succeeded", reason: `${approvalId}.` });
    return made;
  }

  async addReceipt(threadId: ThreadId, receipt: NewReceipt): Promise<ReceiptPlace> {
    this.ctx.storage.kv.put("threadId", threadId);
    const place = await this.#runs.add(receipt);
    await this.#armIfIdle();
    return place;
  }

  runs(): ProgramRuns {
    return { receipts: this.#runs.receipts(), snippets: this.#runs.snippets() };
  }

  findSnippet(snippetId: SnippetId): Snippet | null {
    return this.#runs.snippet(snippetId);
  }

  keepSnippet(snippetId: SnippetId, wish: KeepSnippet): Snippet | null {
    return this.#runs.keep(snippetId, wish, this.#now());
  }

  dropSnippet(snippetId: SnippetId): void {
    this.#runs.drop(snippetId);
  }

  policy(): ProgramPolicy {
    return this.#book.policy();
  }

  setPolicy(policy: ProgramPolicy): ProgramPolicy {
    this.#book.setPolicy(policy);
    return policy;
  }

  override async alarm(): Promise<void> {
    const hasExpired = this.#expire();
    await this.#apply();
    const threadId = this.#threadId;
    if (threadId !== undefined && (await this.#runtime.runPromise(this.#thread.isGone(threadId, this.#now())))) {
      await this.ctx.storage.deleteAll();
      this.#book = new ApprovalBook(this.ctx.storage);
      this.#questions = new QuestionBook(this.ctx.storage);
      this.#runs = new RunBook(this.ctx.storage);
    } else if (hasExpired || !this.#isQuiet()) await this.#moved();
    else await this.#arm(true);
  }

  /** Nothing is to be done or to be told. */
  #isQuiet(): boolean {
    return this.#pending().length + this.#book.applying().length === 0 && this.ctx.storage.kv.get("isTold") !== false;
  }

  #expire(): boolean {
    const now = this.#now();
    const due = this.#pending().filter(({ until }) => until <= now);
    for (const { approvalId, kind } of due)
      if (kind === "question") this.#questions.close(approvalId, { state: "expired", answer: null }, now);
      else this.#book.move(approvalId, ["pending"], { state: "expired", words: null }, now);
    return due.length > 0;
  }

  #pending(): readonly PendingApproval[] {
    return [...this.#book.pending(), ...this.#questions.pending()].sort((a, b) => a.since - b.since);
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

  #made(threadId: ThreadId, approvalId: ApprovalId): Effect.Effect<ApprovalStanding, never, Supplies> {
    const allowed = { changes: this.#book.contents(approvalId), requests: this.#book.requests.toSend(approvalId) };
    return makeAllowed(allowed, { threadId, requestId: approvalId }).pipe(
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
    const pending = this.#pending();
    const isTold =
      threadId === undefined ||
      (await this.#runtime.runPromise(
        Effect.isSuccess(ApprovalNews.use((news) => news.tell(threadId, { revision, pending }))),
      ));
    kv.put("isTold", isTold);
    await this.#arm(isTold);
  }

  /** An object that nothing is asked of still looks after its thread. */
  async #armIfIdle(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(this.#thread.dueAt(this.#now()));
  }

  /** Sets the alarm for whatever is due next. */
  async #arm(isTold: boolean): Promise<void> {
    const now = this.#now();
    const dues = [
      ...this.#pending().map(({ until }) => until),
      ...(isTold && this.#book.applying().length === 0 ? [] : [now + againMs]),
    ];
    await this.ctx.storage.setAlarm(Math.min(...dues, this.#thread.dueAt(now)));
  }

  async #writeDown(approvalId: ApprovalId, decision: DecideApproval["decision"], by: Decider): Promise<void> {
    const { state = "failed" } = this.#book.standing(approvalId) ?? {};
    await this.#append(by, {
      action: decision === "deny" ? "program.denied" : "program.allowed",
      outcome: state === "failed" ? "failed" : "succeeded",
      reason: decision === "always" ? `${approvalId}, and every later one of the thread.` : `${approvalId}.`,
    });
  }

  async #append(
    { requestId, userId: actorId }: Decider,
    row: Pick<AuditEntry, "action" | "outcome" | "reason">,
  ): Promise<void> {
    const threadId = this.#threadId;
    const about = { requestId, actorId, ...(threadId === undefined ? {} : { threadId }) };
    await this.#runtime.runPromise(AuditTrail.use((trail) => trail.append({ ...about, ...row })));
  }
}
