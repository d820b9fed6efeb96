import type { ThreadId } from "@threadbox/contracts/ids";
import { isFlowOpen, type LoginFlow, type LoginFlowId, type LoginId, loginLimits } from "@threadbox/contracts/logins";
import type { SealedValue } from "../secrets/index.ts";
import type { DevicePollResult } from "./openai.ts";

/** A device authorization as it is kept. */
export interface StoredFlow extends LoginFlow {
  /** The device code; null before it has come and after the end. */
  readonly sealedCode: SealedValue | null;
  readonly intervalMs: number;
  readonly nextPollAt: number | null;
  /** How many polls in a row have reached nobody. */
  readonly misses: number;
  /** OpenAI has been asked for the tokens, which can be done once. */
  readonly isExchanging: boolean;
}

export interface NewFlow {
  readonly id: LoginFlowId;
  readonly threadId: ThreadId;
  readonly loginId: LoginId | null;
  readonly now: number;
}

export interface ShownCode {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly sealedCode: SealedValue;
  readonly intervalMs: number;
  readonly lifetimeMs: number | null;
}

export type FlowEnd = "expired" | "denied" | "failed";

/** What happens to a flow. Each names the state or step that it follows; anything else changes nothing. */
export type FlowEvent =
  | { readonly kind: "code"; readonly code: ShownCode; readonly now: number }
  | {
      readonly kind: "polled";
      readonly verdict: Exclude<DevicePollResult["kind"], "granted">;
      readonly now: number;
      readonly reference: string;
    }
  | { readonly kind: "exchanging" }
  | { readonly kind: "connected"; readonly loginId: LoginId }
  | { readonly kind: "failed"; readonly reason: string; readonly reference: string };

const slowDownMs = 5_000;
const backoffMsMax = 60_000;

export const newFlow = ({ id, threadId, loginId, now }: NewFlow): StoredFlow => ({
  id,
  state: "requesting",
  threadId,
  userCode: null,
  verificationUri: null,
  expiresAt: null,
  startedAt: now,
  loginId,
  reason: null,
  reference: null,
  sealedCode: null,
  intervalMs: 0,
  nextPollAt: null,
  misses: 0,
  isExchanging: false,
});

const ended = (flow: StoredFlow, state: FlowEnd | "connected", more: Partial<StoredFlow> = {}): StoredFlow => ({
  ...flow,
  state,
  userCode: null,
  verificationUri: null,
  expiresAt: null,
  sealedCode: null,
  nextPollAt: null,
  isExchanging: false,
  ...more,
});

const malformedWords = "OpenAI's answer couldn't be understood. Nothing was connected.";
const refusedWords = "OpenAI refused the connection. Nothing was connected.";

const afterPoll = (flow: StoredFlow, event: Extract<FlowEvent, { kind: "polled" }>): StoredFlow => {
  const { verdict, now, reference } = event;
  const again = (intervalMs: number, waitMs: number, misses: number): StoredFlow => ({
    ...flow,
    state: "waiting",
    intervalMs,
    misses,
    nextPollAt: now + waitMs,
  });
  switch (verdict) {
    case "pending":
      return again(flow.intervalMs, flow.intervalMs, 0);
    case "slowDown":
      return again(flow.intervalMs + slowDownMs, flow.intervalMs + slowDownMs, 0);
    case "unreachable":
      return again(flow.intervalMs, Math.min(flow.intervalMs * 2 ** flow.misses, backoffMsMax), flow.misses + 1);
    case "denied":
    case "expired":
      return ended(flow, verdict);
    case "malformed":
      return ended(flow, "failed", { reason: malformedWords, reference });
    case "refused":
      return ended(flow, "failed", { reason: refusedWords, reference });
  }
};

/** The flow after that. What doesn't follow from where it stands leaves it as it is. */
export const stepFlow = (flow: StoredFlow, event: FlowEvent): StoredFlow => {
  if (!isFlowOpen(flow)) return flow;
  switch (event.kind) {
    case "code": {
      if (flow.state !== "requesting") return flow;
      const { lifetimeMs, ...code } = event.code;
      const lifeMs = Math.min(lifetimeMs ?? loginLimits.codeMs, loginLimits.codeMs);
      return {
        ...flow,
        ...code,
        state: "code",
        expiresAt: event.now + lifeMs,
        nextPollAt: event.now + code.intervalMs,
      };
    }
    case "polled":
      return flow.sealedCode === null || flow.isExchanging ? flow : afterPoll(flow, event);
    case "exchanging":
      return flow.sealedCode === null || flow.isExchanging ? flow : { ...flow, isExchanging: true };
    case "connected":
      return flow.isExchanging ? ended(flow, "connected", { loginId: event.loginId }) : flow;
    case "failed":
      return ended(flow, "failed", { reason: event.reason, reference: event.reference });
  }
};

/** What time alone has made of a flow: a code that is over, a code that never came. */
export const flowAt = (flow: StoredFlow, now: number, reference: string): StoredFlow => {
  if (!isFlowOpen(flow) || flow.isExchanging) return flow;
  if (flow.expiresAt !== null) return now >= flow.expiresAt ? ended(flow, "expired") : flow;
  return now < flow.startedAt + loginLimits.requestingMsMax
    ? flow
    : ended(flow, "failed", { reason: "OpenAI's code didn't come in time. Nothing was connected.", reference });
};

/** When the flow has to be looked at again; null: never. */
export const flowDueAt = (flow: StoredFlow | null): number | null => {
  if (flow === null || !isFlowOpen(flow)) return null;
  const deadline = flow.expiresAt ?? flow.startedAt + loginLimits.requestingMsMax;
  return Math.min(deadline, flow.nextPollAt ?? deadline);
};

/** Without what only the server needs. */
export const shownFlow = ({
  sealedCode: _code,
  intervalMs: _interval,
  nextPollAt: _next,
  misses: _misses,
  isExchanging: _exchanging,
  ...flow
}: StoredFlow): LoginFlow => flow;
