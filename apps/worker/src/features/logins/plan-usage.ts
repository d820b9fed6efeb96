import type { LoginUsage } from "@threadbox/contracts/logins";
import { Option, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import type { AccessLease } from "./broker.ts";

const path = "/backend-api/wham/usage";
const answerBytesMax = 64 * 1024;
const callMsMax = 15_000;

const Window = Schema.Struct({
  used_percent: Schema.Number,
  limit_window_seconds: Schema.optionalKey(Schema.NullOr(Schema.Number)),
  /** Seconds since 1970. */
  reset_at: Schema.optionalKey(Schema.NullOr(Schema.Number)),
});
const Limit = Schema.optionalKey(Schema.NullOr(Window));
const Answer = Schema.Struct({
  plan_type: Schema.optionalKey(Schema.NullOr(Schema.String)),
  rate_limit: Schema.optionalKey(Schema.NullOr(Schema.Struct({ primary_window: Limit, secondary_window: Limit }))),
});
const decodeAnswer = Schema.decodeUnknownOption(Schema.fromJsonString(Answer));

/** What OpenAI says of a plan. `refused`: it doesn't take the token. */
export type PlanUsage =
  | { readonly kind: "known"; readonly plan: string | null; readonly usage: readonly LoginUsage[] }
  | { readonly kind: "refused" | "unreachable" | "malformed" };

const minuteMs = 60_000;
const usageOf = (window: typeof Window.Type, now: number): LoginUsage => ({
  usedPercent: Math.min(Math.max(Math.round(window.used_percent), 0), 100),
  windowMinutes: typeof window.limit_window_seconds === "number" ? Math.round(window.limit_window_seconds / 60) : null,
  resetsAt: typeof window.reset_at === "number" ? Math.round((window.reset_at * 1000) / minuteMs) * minuteMs : null,
  at: now,
});

const planIn = (text: string, now: number): PlanUsage => {
  const answer = Option.getOrNull(decodeAnswer(text));
  if (answer === null) return { kind: "malformed" };
  const { primary_window: primary, secondary_window: secondary } = answer.rate_limit ?? {};
  const usage = [primary, secondary].flatMap((window) => (window ? [usageOf(window, now)] : []));
  const shortestFirst = usage.toSorted((a, b) => (a.windowMinutes ?? 0) - (b.windowMinutes ?? 0));
  return { kind: "known", plan: answer.plan_type ?? null, usage: shortestFirst };
};

/**
 * Asks what is left of a login's plan, at the address that Codex itself asks for its status: it costs nothing of the plan.
 * OpenAI documents it nowhere, so that an answer of another shape is no fault of the login's.
 */
export const askPlanUsage = async (
  fetcher: typeof fetch,
  base: string,
  { accessToken, accountId }: AccessLease,
  now: () => number,
): Promise<PlanUsage> => {
  try {
    const response = await fetcher(`${base}${path}`, {
      headers: {
        accept: "application/json",
        authorization: `Bearer ${accessToken}`,
        "chatgpt-account-id": accountId,
      },
      redirect: "manual",
      signal: AbortSignal.timeout(callMsMax),
    });
    const bytes = await readBytes(response, answerBytesMax);
    if (response.status === 401) return { kind: "refused" };
    if (!response.ok) return { kind: "unreachable" };
    return bytes === null ? { kind: "malformed" } : planIn(new TextDecoder().decode(bytes), now());
  } catch {
    return { kind: "unreachable" };
  }
};
