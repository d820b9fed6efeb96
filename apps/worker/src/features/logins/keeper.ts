import type { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import {
  type ChangeLogin,
  type ConnectLogin,
  isFlowOpen,
  LoginFlowId,
  type LoginId,
  type LoginList,
  type LoginState,
  type LoginUsage,
  type LoginView,
  loginLimits,
} from "@threadbox/contracts/logins";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import { newSecretText } from "../../platform/ids.ts";
import type { KeyFacts, LoginBook, LoginFacts, StoredLogin } from "./book.ts";
import type { AccessLease, LoginBroker } from "./broker.ts";
import { type Answerer, answererOf, type ChoosableLogins, codexModel, loginOf, readChoice } from "./choices.ts";
import { newFlow, shownFlow } from "./device-flow.ts";
import { loginRefused } from "./errors.ts";
import type { KeyKeeper, KeyUse } from "./key-keeper.ts";
import type { LoginBinding, LoginSeals } from "./seals.ts";

const hourMs = 3_600_000;
/** A login's time of use is this exact, so that a busy turn does not write at every call. */
const usedMs = 60_000;

/** Which start asks with which right. */
export interface LoginClaim {
  readonly threadId: ThreadId;
  readonly loginId: LoginId;
  readonly bindingId: string;
}

/** A start whose OpenCode was given handles. */
export interface GivenStart {
  readonly threadId: ThreadId;
  readonly generation: Generation;
}

/** What a thread's choice comes to, beside all that there is to choose from. */
export interface LoginModels {
  readonly revision: number;
  readonly now: number;
  readonly logins: readonly LoginView[];
  readonly choice: ModelChoice;
  readonly keys: readonly KeyFacts[];
  readonly favourites: readonly ModelChoice[];
  /** Null: the workspace's model answers. */
  readonly answerer: Answerer | null;
  readonly byDefault: Answerer | null;
}

/** What a user does with their logins, and which thread may use which. */
export class LoginKeeper {
  readonly #book: LoginBook;
  readonly #seals: LoginSeals;
  readonly #broker: LoginBroker;
  readonly #keys: KeyKeeper;
  readonly #now: () => number;

  constructor(book: LoginBook, seals: LoginSeals, broker: LoginBroker, keys: KeyKeeper, now: () => number) {
    this.#book = book;
    this.#keys = keys;
    this.#seals = seals;
    this.#broker = broker;
    this.#now = now;
  }

  list(userId: UserId): LoginList {
    const facts = this.#book.belongTo(userId);
    return {
      revision: facts.revision,
      now: this.#now(),
      flow: facts.flow === null ? null : shownFlow(facts.flow),
      logins: this.#book.logins().map((login) => viewOf(login, facts)),
      isForNewThreads: facts.isForNewThreads,
      disconnectedAt: facts.disconnectedAt,
    };
  }

  /** Null stands for a thread nobody has chosen for. */
  models(userId: UserId, threadId: ThreadId | null): LoginModels {
    const facts = this.#book.belongTo(userId);
    const choice: ModelChoice = threadId === null ? { kind: "default" } : this.#choice(threadId);
    return {
      revision: facts.revision,
      now: this.#now(),
      logins: this.#book.logins().map((login) => viewOf(login, facts)),
      keys: this.#keys.list(),
      favourites: facts.favourites ?? [],
      choice,
      answerer: this.#answerer(choice),
      byDefault: this.#answerer({ kind: "default" }),
    };
  }

  #answerer(choice: ModelChoice): Answerer | null {
    return choice.kind === "key" ? this.#keys.answererOf(choice) : answererOf(choice, this.#choosable());
  }

  #choosable(): ChoosableLogins {
    const { defaultId, isForNewThreads } = this.#book.facts();
    return { defaultId, isForNewThreads, has: (id) => this.#book.find(id) !== null };
  }

  #choice(threadId: ThreadId): ModelChoice {
    return readChoice(this.#book.thread(threadId).choice, this.#choosable());
  }

  /** The flow that is open, or a new one. True where it is new: somebody has to ask OpenCode for its code. */
  connect(userId: UserId, { threadId, loginId }: ConnectLogin): boolean {
    const { flow, starts } = this.#book.belongTo(userId);
    const now = this.#now();
    if (flow !== null && isFlowOpen(flow)) return false;
    if (loginId !== undefined && this.#book.find(loginId) === null) throw loginRefused("notFound");
    if (loginId === undefined && this.#book.logins().length >= loginLimits.loginsMax) throw loginRefused("full");
    const recent = starts.filter((at) => at > now - hourMs);
    if (recent.length >= loginLimits.startsPerHourMax) throw loginRefused("tooMany");
    const id = LoginFlowId.make(`flow_${newSecretText(16)}`);
    this.#book.write({ flow: newFlow({ id, threadId, loginId: loginId ?? null, now }), starts: [...recent, now] });
    return true;
  }

  cancel(userId: UserId, flowId: LoginFlowId): void {
    if (this.#book.belongTo(userId).flow?.id === flowId) this.#book.write({ flow: null });
  }

  change(userId: UserId, id: LoginId, { name, isDefault }: ChangeLogin): void {
    this.#book.belongTo(userId);
    const login = this.#book.find(id);
    if (login === null) throw loginRefused("notFound");
    if (name !== undefined) this.#book.writeLogin({ ...login, name });
    if (isDefault === true) this.#book.write({ defaultId: id });
  }

  allowNewThreads(userId: UserId, isForNewThreads: boolean): void {
    this.#book.belongTo(userId);
    this.#book.write({ isForNewThreads });
  }

  choose(userId: UserId, threadId: ThreadId, choice: ModelChoice): void {
    this.#book.belongTo(userId);
    if (choice.kind === "login" && this.#book.find(choice.loginId) === null) throw loginRefused("notFound");
    if (choice.kind === "login" && codexModel(choice.modelId) === null) throw loginRefused("noModel");
    if (choice.kind === "key" && !this.#keys.has(choice)) throw loginRefused("noKeyModel");
    this.#book.writeThread(threadId, { choice });
    this.#book.write({});
  }

  /** Deletes the login and every right to use it. Answers with the starts that were given handles. */
  async disconnect(userId: UserId, id: LoginId): Promise<readonly GivenStart[]> {
    this.#book.belongTo(userId);
    if (this.#book.find(id) === null) throw loginRefused("notFound");
    const bound = await Promise.all(
      this.#book
        .threads()
        .map(async ([threadId, thread]) => ({ threadId, thread, binding: await this.#binding(threadId) })),
    );
    const concerned = bound.filter(({ binding }) => binding?.loginId === id);
    for (const { threadId, thread } of concerned) {
      const turn = thread.turnLoginId === id ? { turnLoginId: null } : {};
      this.#book.writeThread(threadId, { binding: null, loadedIn: null, givenTo: null, ...turn });
    }
    this.#book.deleteLogin(id);
    const left = this.#book.logins();
    const { defaultId } = this.#book.facts();
    this.#book.write({
      ...(defaultId === id ? { defaultId: left[0]?.id ?? null } : {}),
      disconnectedAt: left.length === 0 ? this.#now() : null,
    });
    return concerned.flatMap(({ threadId, thread: { givenTo } }) =>
      givenTo === null ? [] : [{ threadId, generation: givenTo }],
    );
  }

  #binding(threadId: ThreadId): Promise<LoginBinding | null> {
    return this.#seals.openBinding(threadId, this.#book.thread(threadId).binding);
  }

  /** A turn begins: says what answers it, which stays its own until it ends. Null: the workspace's model. */
  beginTurn(threadId: ThreadId): Answerer | null {
    if (this.#book.findFacts() === null) return null;
    const choice = this.#choice(threadId);
    const answerer = this.#answerer(choice);
    this.#noteTurn(threadId, loginOf(answerer));
    this.#keys.noteTurn(threadId, choice);
    return answerer;
  }

  endTurn(threadId: ThreadId): void {
    this.#noteTurn(threadId, null);
    this.#keys.noteTurn(threadId, null);
  }

  /** The key that the thread uses at this moment, as `#current` has it of logins. */
  keyOf(threadId: ThreadId): KeyUse | null {
    return this.#book.findFacts() === null ? null : this.#keys.inUse(threadId, this.#choice(threadId));
  }

  #noteTurn(threadId: ThreadId, turnLoginId: LoginId | null): void {
    if ((this.#book.thread(threadId).turnLoginId ?? null) === turnLoginId) return;
    this.#book.writeThread(threadId, { turnLoginId });
  }

  /** The login that the thread uses at this moment: its turn's while one runs, else the chosen one; null: none. */
  #current(threadId: ThreadId): LoginId | null {
    if (this.#book.findFacts() === null) return null;
    const { turnLoginId = null } = this.#book.thread(threadId);
    if (turnLoginId !== null && this.#book.find(turnLoginId) !== null) return turnLoginId;
    return loginOf(answererOf(this.#choice(threadId), this.#choosable()));
  }

  /** How the login stands that the thread uses at this moment. */
  standing(threadId: ThreadId): LoginState | "none" {
    const id = this.#current(threadId);
    return (id === null ? null : this.#book.find(id))?.state ?? "none";
  }

  /**
   * The thread's right to use its login, for handles that this start is given; null where it uses none. A binding that
   * can't be opened, or is of another login, is replaced: handles of it end. Refuses a login that must be connected again.
   */
  async bind(threadId: ThreadId, generation: Generation): Promise<LoginBinding | null> {
    const known = await this.#binding(threadId);
    const loginId = this.#current(threadId);
    if (loginId === null) return null;
    await this.#broker.lease(loginId, null);
    const binding = known?.loginId === loginId ? known : { loginId, bindingId: newSecretText(16) };
    const sealed = await this.#seals.sealBinding(threadId, binding);
    // Chosen or disconnected anew while it was sealed.
    if (this.#current(threadId) !== loginId) return this.bind(threadId, generation);
    // A binding that is new is in nobody's hands yet.
    const loaded = binding === known ? {} : { loadedIn: null };
    this.#book.writeThread(threadId, { binding: sealed, givenTo: generation, ...loaded });
    return binding;
  }

  /** Whether OpenCode of this start uses the handles of the thread's binding already. */
  async isLoaded(threadId: ThreadId, generation: Generation): Promise<boolean> {
    const binding = await this.#binding(threadId);
    return (
      binding !== null &&
      binding.loginId === this.#current(threadId) &&
      this.#book.thread(threadId).loadedIn === generation
    );
  }

  noteLoaded(threadId: ThreadId, generation: Generation): void {
    this.#book.writeThread(threadId, { loadedIn: generation });
  }

  /** An access token for one call with a handle of this claim. `rejected`: as `LoginBroker.lease` has it. */
  async lease(claim: LoginClaim, rejected: number | null): Promise<AccessLease> {
    await this.#admit(claim);
    const lease = await this.#broker.lease(claim.loginId, rejected);
    this.#noteUse(claim.loginId);
    return lease;
  }

  /** Whether a handle of this claim stands. */
  async #admit({ threadId, loginId, bindingId }: LoginClaim): Promise<void> {
    const binding = await this.#binding(threadId);
    const isBound = binding?.bindingId === bindingId && binding.loginId === loginId;
    if (!isBound || this.#current(threadId) !== loginId) throw loginRefused("handleRefused");
  }

  #noteUse(id: LoginId): void {
    const login = this.#book.find(id);
    const now = this.#now();
    if (login !== null && now - (login.lastUsedAt ?? 0) >= usedMs) this.#book.writeLogin({ ...login, lastUsedAt: now });
  }

  noteUsage(id: LoginId, usage: readonly LoginUsage[]): void {
    const login = this.#book.find(id);
    if (login === null || !isNews(login.usage, usage)) return;
    this.#book.writeLogin({ ...login, usage });
  }
}

const isNews = (known: readonly LoginUsage[], usage: readonly LoginUsage[]): boolean =>
  usage.length > 0 &&
  JSON.stringify(known.map(({ at: _, ...rest }) => rest)) !== JSON.stringify(usage.map(({ at: _, ...rest }) => rest));

const viewOf = (login: StoredLogin, { defaultId }: LoginFacts): LoginView => ({
  id: login.id,
  name: login.name,
  state: login.state,
  account: login.account,
  plan: login.plan,
  isDefault: login.id === defaultId,
  connectedAt: login.connectedAt,
  lastUsedAt: login.lastUsedAt,
  reauthAt: login.reauthAt,
  reason: login.reason,
  usage: login.usage,
});
