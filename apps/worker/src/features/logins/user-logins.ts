import { DurableObject } from "cloudflare:workers";
import type { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import {
  type ChangeLogin,
  type ConnectLogin,
  type LoginFlowId,
  type LoginId,
  type LoginList,
  type LoginState,
  type LoginUsage,
  loginLimits,
} from "@threadbox/contracts/logins";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import type { ModelKeyId } from "@threadbox/contracts/model-keys";
import { Deferred, Effect, type Layer, ManagedRuntime } from "effect";
import { WorkerConfig } from "../../config.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { newRequestId } from "../../platform/ids.ts";
import { log } from "../../platform/log.ts";
import { Outbound } from "../../platform/outbound.ts";
import type { Sandboxes } from "../sandbox/index.ts";
import { readMasterKeys } from "../secrets/index.ts";
import { DeviceAuthorization } from "./authorization.ts";
import { LoginBook } from "./book.ts";
import { LoginBroker } from "./broker.ts";
import { checkLogin } from "./checkup.ts";
import type { LoginDeed } from "./deeds.ts";
import { loginOutcome } from "./errors.ts";
import { type LoginClaim, LoginKeeper, type LoginModels } from "./keeper.ts";
import { type KeyEdit, KeyKeeper } from "./key-keeper.ts";
import { OpenAiIssuer } from "./openai.ts";
import { connectInSandbox } from "./opencode-login.ts";
import { askPlanUsage } from "./plan-usage.ts";
import { LoginSeals } from "./seals.ts";
import { WaitingThreads } from "./waiting-threads.ts";
import { WaitingTurns } from "./waiting-turns.ts";

/** What the object needs from outside. */
type Supplies = AuditTrail | WorkerConfig | Outbound | Sandboxes | WaitingTurns;

/** One per user: the adapter between the platform (storage, alarm, calls) and what is decided about logins. */
export class UserLogins extends DurableObject<Env> {
  readonly #runtime: ManagedRuntime.ManagedRuntime<Supplies, never>;
  readonly #book: LoginBook;
  readonly #keeper: LoginKeeper;
  readonly #keys: KeyKeeper;
  readonly #broker: LoginBroker;
  readonly #authorization: DeviceAuthorization;
  readonly #waiting: WaitingThreads;
  /** Asks OpenAI whether it takes that login. */
  readonly #check: (id: LoginId) => Promise<void>;
  /** Done at the next change that a page can see. */
  #change = Deferred.makeUnsafe<void>();

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<Supplies>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    const { vaultKeys, openAi, fetcher } = this.#runtime.runSync(
      Effect.all({ config: WorkerConfig, fetcher: Outbound }).pipe(
        Effect.map(({ config, fetcher }) => ({ ...config, fetcher })),
      ),
    );
    const issuer = new OpenAiIssuer(openAi.issuerUrl, fetcher);
    this.#book = new LoginBook(
      ctx.storage.kv,
      () => this.#tell(),
      (action, loginId) => this.#writeDown(action, loginId),
    );
    const seals = new LoginSeals(readMasterKeys(vaultKeys), () => this.#book.facts().userId);
    this.#broker = new LoginBroker(this.#book, seals, issuer, { now: Date.now, note: log });
    this.#check = (id) =>
      checkLogin(
        {
          book: this.#book,
          broker: this.#broker,
          ask: (lease) => askPlanUsage(fetcher, openAi.codexUrl, lease, Date.now),
        },
        id,
      );
    this.#keys = new KeyKeeper(this.#book, Date.now);
    this.#keeper = new LoginKeeper(this.#book, seals, this.#broker, this.#keys, Date.now);
    this.#authorization = new DeviceAuthorization(this.#book, seals, issuer, Date.now);
    this.#waiting = new WaitingThreads(ctx.storage.kv, {
      now: Date.now,
      isSignedOut: (threadId) => this.#keeper.standing(threadId) === "reauth",
      tell: (threadId) => this.#runtime.runPromise(WaitingTurns.use((turns) => turns.tell(threadId))),
    });
  }

  #tell(): void {
    const told = this.#change;
    this.#change = Deferred.makeUnsafe<void>();
    // What is written together is looked at together.
    if (!this.#waiting.isEmpty) this.ctx.waitUntil(Promise.resolve().then(() => this.#settle()));
    Deferred.doneUnsafe(told, Effect.void);
  }

  /** Of a login its id alone: whose account it is is nobody else's business. */
  #writeDown(action: LoginDeed, loginId: LoginId): void {
    const actorId = this.#book.facts().userId;
    const entry = { requestId: newRequestId(), action, actorId, outcome: "succeeded", reason: `${loginId}.` } as const;
    this.#runtime.runFork(AuditTrail.use((trail) => trail.append(entry)));
  }

  /** `seen`: the revision that the caller knows; the answer waits for another one. Null: it does not wait. */
  list(userId: UserId, seen: number | null): Promise<LoginList> {
    return this.#whenNew(seen, () => this.#keeper.list(userId));
  }

  /** The same of the models that a thread may use; null stands for a thread nobody has chosen for. */
  models(userId: UserId, threadId: ThreadId | null, seen: number | null): Promise<LoginModels> {
    return this.#whenNew(seen, () => this.#keeper.models(userId, threadId));
  }

  async #whenNew<A extends { readonly revision: number }>(seen: number | null, look: () => A): Promise<A> {
    const known = look();
    if (seen !== known.revision) return known;
    const waited = Effect.race(Deferred.await(this.#change), Effect.sleep(loginLimits.listWaitMsMax));
    await this.#runtime.runPromise(waited);
    return look();
  }

  start(userId: UserId, wish: ConnectLogin) {
    return loginOutcome(async () => {
      if (this.#keeper.connect(userId, wish)) this.ctx.waitUntil(this.#askOpenCode(wish.threadId));
      await this.#settle();
      return this.#keeper.list(userId);
    });
  }

  /** The same for OpenCode's own route: whoever calls it asks OpenCode itself. */
  begin(userId: UserId, threadId: ThreadId) {
    return loginOutcome(async () => {
      this.#keeper.connect(userId, { threadId });
      await this.#settle();
    });
  }

  /** A tab that goes away takes nothing with it: the object itself holds OpenCode's call. */
  async #askOpenCode(threadId: ThreadId): Promise<void> {
    const flowId = this.#book.facts().flow?.id;
    const reference = newRequestId();
    const failed = await this.#runtime.runPromise(
      connectInSandbox(threadId).pipe(
        Effect.as(null),
        Effect.catch((error) => Effect.succeed(error)),
      ),
    );
    if (failed === null || flowId === undefined) return;
    log("login.sandbox.failed", { flowId, tag: failed.wireTag, requestId: reference });
    // With a code the flow goes on: it is the server that waits for the approval.
    if (this.#book.facts().flow?.state === "requesting") this.#authorization.fail(flowId, failed.message, reference);
  }

  cancel(userId: UserId, flowId: LoginFlowId) {
    return loginOutcome(() => {
      this.#keeper.cancel(userId, flowId);
      return this.#keeper.list(userId);
    });
  }

  update(userId: UserId, id: LoginId, change: ChangeLogin) {
    return loginOutcome(() => {
      this.#keeper.change(userId, id, change);
      return this.#keeper.list(userId);
    });
  }

  allowNewThreads(userId: UserId, isForNewThreads: boolean) {
    return loginOutcome(() => {
      this.#keeper.allowNewThreads(userId, isForNewThreads);
      return this.#keeper.list(userId);
    });
  }

  choose(userId: UserId, threadId: ThreadId, choice: ModelChoice) {
    return loginOutcome(() => {
      this.#keeper.choose(userId, threadId, choice);
      return this.#keeper.models(userId, threadId);
    });
  }

  test(userId: UserId, id: LoginId) {
    return loginOutcome(async () => {
      await this.#check(id);
      return this.#keeper.list(userId);
    });
  }

  disconnect(userId: UserId, id: LoginId) {
    return loginOutcome(async () => {
      const starts = await this.#keeper.disconnect(userId, id);
      return { list: this.#keeper.list(userId), starts };
    });
  }

  keys(userId: UserId) {
    this.#book.belongTo(userId);
    return this.#keys.list();
  }

  key(userId: UserId, id: ModelKeyId) {
    return loginOutcome(() => {
      this.#book.belongTo(userId);
      return this.#keys.get(id);
    });
  }

  editKey(userId: UserId, id: ModelKeyId, edit: KeyEdit) {
    return loginOutcome(() => {
      this.#book.belongTo(userId);
      this.#keys.edit(id, edit);
      return this.#keys.list();
    });
  }

  keyOf(threadId: ThreadId) {
    const use = this.#keeper.keyOf(threadId);
    if (use?.key != null) this.#keys.noteUse(use.key.id);
    return use;
  }

  mark(userId: UserId, threadId: ThreadId | null, choice: ModelChoice, isFavourite: boolean): LoginModels {
    this.#book.belongTo(userId);
    this.#keys.mark(choice, isFavourite);
    return this.#keeper.models(userId, threadId);
  }

  beginTurn(threadId: ThreadId) {
    return this.#keeper.beginTurn(threadId)?.model ?? null;
  }

  endTurn(threadId: ThreadId) {
    this.#keeper.endTurn(threadId);
  }

  bind(threadId: ThreadId, generation: Generation) {
    return loginOutcome(() => this.#keeper.bind(threadId, generation));
  }

  /** How the thread's login stands; a thread that has to wait for it is told when that is over. */
  awaitLogin(threadId: ThreadId): LoginState | "none" {
    const standing = this.#keeper.standing(threadId);
    if (standing === "reauth") this.#waiting.add(threadId);
    return standing;
  }

  isLoaded(threadId: ThreadId, generation: Generation) {
    return this.#keeper.isLoaded(threadId, generation);
  }

  noteLoaded(threadId: ThreadId, generation: Generation) {
    this.#keeper.noteLoaded(threadId, generation);
  }

  requestCode() {
    return loginOutcome(async () => {
      const code = await this.#authorization.requestCode();
      await this.#settle();
      return code;
    });
  }

  answer(flowId: LoginFlowId) {
    return this.#authorization.answer(flowId);
  }

  /** The thread's right to the login that the flow has led to. */
  async grant(flowId: LoginFlowId, threadId: ThreadId, generation: Generation) {
    return loginOutcome(() =>
      this.#authorization.loginOf(flowId) === null ? null : this.#keeper.bind(threadId, generation),
    );
  }

  lease(claim: LoginClaim, rejected: number | null) {
    return loginOutcome(() => this.#keeper.lease(claim, rejected));
  }

  signOut(id: LoginId, version: number) {
    this.#broker.signOut(id, version);
  }

  noteUsage(id: LoginId, usage: readonly LoginUsage[]) {
    this.#keeper.noteUsage(id, usage);
  }

  override async alarm(): Promise<void> {
    await this.#settle();
  }

  async #settle(): Promise<void> {
    const [authorization, waiting] = await Promise.all([this.#authorization.settle(), this.#waiting.settle()]);
    const next = Math.min(...[authorization, waiting].filter((at) => at !== null));
    await (next === Number.POSITIVE_INFINITY ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(next));
  }
}
