import type { ThreadId } from "@threadbox/contracts/ids";
import { isFlowOpen, type LoginFlowId, LoginId } from "@threadbox/contracts/logins";
import { newRequestId, newSecretText } from "../../platform/ids.ts";
import { log } from "../../platform/log.ts";
import { accountOf, type ChatGptAccount } from "./account.ts";
import type { LoginBook, StoredLogin } from "./book.ts";
import { tokensOf } from "./broker.ts";
import { type FlowEvent, flowAt, flowDueAt, type StoredFlow, stepFlow } from "./device-flow.ts";
import { loginRefused } from "./errors.ts";
import { type AuthorizationCode, devicePage, type OpenAiIssuer, type Tokens } from "./openai.ts";
import type { LoginSeals } from "./seals.ts";

/** What OpenCode is told of a code when it polls. */
export type FlowAnswer = "pending" | "granted" | "ended";

export interface IssuedCode {
  readonly flowId: LoginFlowId;
  readonly userCode: string;
  readonly intervalMs: number;
}

export type Issuer = Pick<OpenAiIssuer, "requestCode" | "poll" | "exchange">;

const unknownWords = "OpenAI didn't answer while it was connected. Nothing was connected.";

/**
 * A user's device authorization. The server itself polls OpenAI, exchanges what comes and keeps it before anybody is told,
 * so that neither a closed tab nor a lost sandbox costs a login; OpenCode is answered from what is known here.
 */
export class DeviceAuthorization {
  readonly #book: LoginBook;
  readonly #seals: LoginSeals;
  readonly #issuer: Issuer;
  readonly #now: () => number;
  /** The question for a code that is on its way, and for which flow. */
  #asking: { readonly flowId: LoginFlowId; readonly work: Promise<void> } | null = null;
  /** The flow whose tokens this very process has asked for. */
  #exchanging: LoginFlowId | null = null;

  constructor(book: LoginBook, seals: LoginSeals, issuer: Issuer, now: () => number) {
    this.#book = book;
    this.#seals = seals;
    this.#issuer = issuer;
    this.#now = now;
  }

  /** The flow as time has left it. */
  #current(): StoredFlow | null {
    const flow = this.#book.findFacts()?.flow ?? null;
    if (flow === null) return null;
    const now = flowAt(flow, this.#now(), newRequestId());
    if (now !== flow) this.#book.write({ flow: now });
    return now;
  }

  /** Applies the event to this flow, if it is still the one; whatever has overtaken it stays. */
  #step(flowId: LoginFlowId, event: FlowEvent): StoredFlow | null {
    const flow = this.#book.findFacts()?.flow ?? null;
    if (flow === null || flow.id !== flowId) return null;
    const next = stepFlow(flow, event);
    if (next !== flow) this.#book.write({ flow: next });
    return next;
  }

  fail(flowId: LoginFlowId, reason: string, reference: string): void {
    this.#step(flowId, { kind: "failed", reason, reference });
  }

  /** OpenCode of a sandbox asks for a code. While a flow is open everyone gets the same one; without a flow nobody does. */
  async requestCode(): Promise<IssuedCode> {
    const flow = this.#current();
    if (flow === null || !isFlowOpen(flow)) throw loginRefused("noFlow");
    if (flow.state === "requesting") {
      if (this.#asking?.flowId !== flow.id) this.#asking = { flowId: flow.id, work: this.#ask(flow.id) };
      await this.#asking.work;
    }
    const asked = this.#current();
    if (asked?.id !== flow.id || asked.userCode === null) throw loginRefused("openAiUnreachable");
    return { flowId: flow.id, userCode: asked.userCode, intervalMs: asked.intervalMs };
  }

  async #ask(flowId: LoginFlowId): Promise<void> {
    const code = await this.#issuer.requestCode();
    if (typeof code === "string") {
      const { message } = loginRefused(code === "malformed" ? "malformed" : "openAiUnreachable");
      return this.fail(flowId, `${message} Nothing was connected.`, newRequestId());
    }
    const { userCode, intervalMs, lifetimeMs } = code;
    const sealedCode = await this.#seals.sealCode(flowId, code.deviceCode);
    // Never an address of the answer's: a link that a person follows is ours.
    const verificationUri = `https://auth.openai.com${devicePage}`;
    const shown = { userCode, verificationUri, sealedCode, intervalMs, lifetimeMs };
    this.#step(flowId, { kind: "code", code: shown, now: this.#now() });
  }

  /** What OpenCode hears that polls with a handle of this flow. */
  answer(flowId: LoginFlowId): FlowAnswer {
    const flow = this.#current();
    if (flow === null || flow.id !== flowId) return "ended";
    return flow.state === "connected" ? "granted" : isFlowOpen(flow) ? "pending" : "ended";
  }

  /** The login that this flow of the thread's led to; null: none. */
  loginOf(flowId: LoginFlowId): LoginId | null {
    const flow = this.#current();
    return flow?.id === flowId && flow.state === "connected" ? flow.loginId : null;
  }

  /** The thread of the open flow; null: none is open. */
  openThread(): ThreadId | null {
    const flow = this.#current();
    return flow !== null && isFlowOpen(flow) ? flow.threadId : null;
  }

  /** Does what is due. Answers when it has to be called again; null: not until something happens. */
  async settle(): Promise<number | null> {
    const flow = this.#current();
    if (flow !== null && isFlowOpen(flow) && flow.sealedCode !== null) {
      if (flow.isExchanging) this.#giveUpLost(flow.id);
      else if (flow.nextPollAt !== null && flow.nextPollAt <= this.#now()) await this.#poll(flow, flow.sealedCode);
    }
    return flowDueAt(this.#current());
  }

  /** An exchange that nobody waits for any more: whether OpenAI has answered it is not known. */
  #giveUpLost(flowId: LoginFlowId): void {
    if (this.#exchanging !== flowId) this.fail(flowId, unknownWords, newRequestId());
  }

  async #poll(flow: StoredFlow, sealedCode: NonNullable<StoredFlow["sealedCode"]>): Promise<void> {
    const { id, userCode } = flow;
    const reference = newRequestId();
    const deviceCode = await this.#seals.openCode(id, sealedCode).catch(() => null);
    if (deviceCode === null)
      return this.fail(id, "The code can't be opened any more. Nothing was connected.", reference);
    const result = await this.#issuer.poll(deviceCode, userCode ?? "");
    if (result.kind !== "pending") log("login.polled", { flowId: id, outcome: result.kind, requestId: reference });
    if (result.kind === "granted") return this.#exchange(id, result.authorization, reference);
    this.#step(id, { kind: "polled", verdict: result.kind, now: this.#now(), reference });
  }

  async #exchange(flowId: LoginFlowId, authorization: AuthorizationCode, reference: string): Promise<void> {
    if (this.#step(flowId, { kind: "exchanging" })?.isExchanging !== true) return;
    this.#exchanging = flowId;
    try {
      const result = await this.#issuer.exchange(authorization);
      const account = result.kind === "done" ? accountOf(result.value) : null;
      if (result.kind !== "done") {
        const refused = "OpenAI refused the connection. Nothing was connected.";
        return this.fail(flowId, result.kind === "unknown" ? unknownWords : refused, reference);
      }
      if (account === null) return this.fail(flowId, "OpenAI named no account. Nothing was connected.", reference);
      await this.#keep(flowId, result.value, account);
    } finally {
      this.#exchanging = null;
    }
  }

  /** The login and the flow's end are one write: nobody hears of a connection that isn't kept. */
  async #keep(flowId: LoginFlowId, tokens: Tokens, account: ChatGptAccount): Promise<void> {
    const now = this.#now();
    // Whoever signs in with another account has another login, also where one was to be connected again.
    const known = this.#book.logins().find(({ accountId }) => accountId === account.accountId);
    const id = known?.id ?? LoginId.make(`lgn_${newSecretText(16)}`);
    const version = (known?.version ?? 0) + 1;
    const sealed = await this.#seals.sealTokens(id, version, tokensOf(tokens, now));
    const flow = this.#book.facts().flow;
    // Cancelled meanwhile: what has come is not kept.
    if (flow?.id !== flowId || !flow.isExchanging) return;
    const login: StoredLogin = {
      id,
      name: known?.name ?? account.account,
      state: "connected",
      ...account,
      connectedAt: now,
      lastUsedAt: known?.lastUsedAt ?? null,
      reauthAt: null,
      reason: null,
      usage: [],
      version,
      sealed,
      refreshing: null,
    };
    this.#book.writeLogin(login);
    const defaultId = this.#book.facts().defaultId ?? id;
    this.#book.write({ defaultId, disconnectedAt: null, flow: stepFlow(flow, { kind: "connected", loginId: id }) });
    log("login.connected", { loginId: id });
  }
}
