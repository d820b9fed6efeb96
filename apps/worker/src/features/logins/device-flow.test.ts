import { ThreadId } from "@threadbox/contracts/ids";
import { LoginFlowId, LoginId, loginLimits } from "@threadbox/contracts/logins";
import { describe, expect, test } from "vitest";
import { type FlowEvent, flowAt, flowDueAt, newFlow, type StoredFlow, shownFlow, stepFlow } from "./device-flow.ts";

const now = 1_800_000_000_000;
const loginId = LoginId.make("lgn_0123456789abcdef");
const requesting = newFlow({
  id: LoginFlowId.make("flow_0123456789abcdef"),
  threadId: ThreadId.make("thread0123456789"),
  loginId: null,
  now,
});
const code: FlowEvent = {
  kind: "code",
  now,
  code: {
    userCode: "ABCD-12345",
    verificationUri: "https://auth.openai.com/codex/device",
    sealedCode: { kid: "a", text: "sealed" },
    intervalMs: 5_000,
    lifetimeMs: null,
  },
};
type Verdict = Extract<FlowEvent, { kind: "polled" }>["verdict"];
const polled = (verdict: Verdict): FlowEvent => ({ kind: "polled", verdict, now, reference: "ref" });
const connected: FlowEvent = { kind: "connected", loginId };
const failed: FlowEvent = { kind: "failed", reason: "Why.", reference: "ref" };
const flowAfter = (...events: FlowEvent[]): StoredFlow => events.reduce(stepFlow, requesting);

describe("a flow", () => {
  test("goes from the request by code and waiting to its login", () => {
    expect(flowAfter(code)).toMatchObject({
      state: "code",
      userCode: "ABCD-12345",
      expiresAt: now + loginLimits.codeMs,
    });
    expect(flowAfter(code, polled("pending"))).toMatchObject({ state: "waiting", userCode: "ABCD-12345" });
    const end = flowAfter(code, polled("pending"), { kind: "exchanging" }, connected);
    expect(end).toMatchObject({ state: "connected", loginId, userCode: null, sealedCode: null, expiresAt: null });
  });

  test.each([
    ["denied", "denied"],
    ["expired", "expired"],
    ["malformed", "failed"],
    ["refused", "failed"],
  ] as const)("that is %s ends as %s, without its code", (verdict, state) => {
    const end = flowAfter(code, polled(verdict));
    expect(end).toMatchObject({ state, userCode: null, verificationUri: null, sealedCode: null, nextPollAt: null });
  });

  test("is asked for five seconds later each time OpenAI says that it is asked too often", () => {
    const slowed = flowAfter(code, polled("slowDown"), polled("slowDown"), polled("slowDown"));
    expect(slowed).toMatchObject({ intervalMs: 20_000, nextPollAt: now + 20_000 });
  });

  test("waits longer and longer while OpenAI can't be reached, and as ever once it answers", () => {
    const misses = [1, 2, 3, 4, 5, 6].map((count) =>
      flowAfter(code, ...Array.from({ length: count }, () => polled("unreachable"))),
    );
    expect(misses.map(({ nextPollAt }) => (nextPollAt ?? 0) - now)).toEqual([
      5_000, 10_000, 20_000, 40_000, 60_000, 60_000,
    ]);
    expect(flowAfter(code, polled("unreachable"), polled("pending"))).toMatchObject({
      misses: 0,
      nextPollAt: now + 5_000,
    });
  });

  test("that has ended stays as it ended, whatever is heard of it later", () => {
    for (const end of [
      flowAfter(code, polled("denied")),
      flowAfter(failed),
      flowAfter(code, { kind: "exchanging" }, connected),
    ]) {
      for (const event of [code, polled("pending"), connected, failed, { kind: "exchanging" } as const])
        expect(stepFlow(end, event)).toBe(end);
    }
  });

  test("takes nothing that doesn't follow from where it stands", () => {
    expect(flowAfter(connected)).toBe(requesting);
    expect(flowAfter(polled("denied"))).toBe(requesting);
    expect(flowAfter({ kind: "exchanging" })).toBe(requesting);
    const exchanging = flowAfter(code, { kind: "exchanging" });
    expect(stepFlow(exchanging, { kind: "exchanging" })).toBe(exchanging);
    expect(stepFlow(exchanging, polled("expired"))).toBe(exchanging);
    expect(flowAfter(code, code).state).toBe("code");
    expect(flowAfter(code, connected).state).toBe("code");
  });

  test("ends with its code's time, but not while its tokens are on their way", () => {
    const shown = flowAfter(code);
    const end = now + loginLimits.codeMs;
    expect(flowAt(shown, end - 1, "ref")).toBe(shown);
    expect(flowAt(shown, end, "ref").state).toBe("expired");
    const exchanging = stepFlow(shown, { kind: "exchanging" });
    expect(flowAt(exchanging, end, "ref")).toBe(exchanging);
  });

  test("whose code never comes has failed, and says so", () => {
    const end = now + loginLimits.requestingMsMax;
    expect(flowAt(requesting, end - 1, "ref")).toBe(requesting);
    expect(flowAt(requesting, end, "ref")).toMatchObject({ state: "failed", reference: "ref" });
  });

  test("is looked at when the next poll is due, and at its end at the latest", () => {
    expect(flowDueAt(null)).toBeNull();
    expect(flowDueAt(requesting)).toBe(now + loginLimits.requestingMsMax);
    expect(flowDueAt(flowAfter(code))).toBe(now + 5_000);
    expect(flowDueAt({ ...flowAfter(code), nextPollAt: now + 10 * loginLimits.codeMs })).toBe(now + loginLimits.codeMs);
    expect(flowDueAt(flowAfter(failed))).toBeNull();
  });

  test("shows nothing of the device code", () => {
    expect(JSON.stringify(shownFlow(flowAfter(code)))).not.toContain("sealed");
  });
});
