import type { ProgramCall, ProgramDecision, ProgramReport, SentRequest } from "@threadbox/contracts/codemode";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const callOf = (value: unknown): ProgramCall[] => {
  if (!isRecord(value) || typeof value.tool !== "string") return [];
  const { tool, args, durationMs, refusal, lacks } = value;
  return [
    {
      tool,
      ...(typeof args === "string" ? { args } : {}),
      durationMs: typeof durationMs === "number" ? durationMs : 0,
      ...(typeof refusal === "string" ? { refusal } : {}),
      ...(lacks === "trial" ? { lacks } : {}),
    },
  ];
};

const sentOf = (value: unknown): SentRequest[] => {
  if (!isRecord(value) || typeof value.method !== "string" || typeof value.url !== "string") return [];
  const { method, url, status, text, isCut, error } = value;
  return [
    {
      method,
      url,
      ...(typeof status === "number" ? { status } : {}),
      ...(typeof text === "string" ? { text } : {}),
      ...(isCut === true ? { isCut } : {}),
      ...(typeof error === "string" ? { error } : {}),
    },
  ];
};

const decisions: readonly unknown[] = [
  "applied",
  "failed",
  "denied",
  "expired",
  "withdrawn",
] satisfies ProgramDecision[];
const isDecision = (value: unknown): value is ProgramDecision => decisions.includes(value);

/** As the worker makes them. */
const isApprovalId = (value: unknown): value is NonNullable<ProgramReport["changes"]> =>
  typeof value === "string" && /^[A-Za-z0-9_-]{16,64}$/.test(value);

/**
 * Reads what the agent was given of a run. Null for anything else: OpenCode cuts what is long, and a tool of that name may be
 * another's.
 */
export const readProgramReport = (text: string): ProgramReport | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || !Array.isArray(value.calls) || !Array.isArray(value.printed)) return null;
  const { calls, printed, durationMs, error, result, decision, changes, sent, tokensSaved } = value;
  return {
    calls: calls.flatMap(callOf),
    printed: printed.filter((line) => typeof line === "string"),
    durationMs: typeof durationMs === "number" ? durationMs : 0,
    ...(isDecision(decision) ? { decision } : {}),
    ...(isApprovalId(changes) ? { changes } : {}),
    ...(Array.isArray(sent) ? { sent: sent.flatMap(sentOf) } : {}),
    ...(typeof tokensSaved === "number" && Number.isFinite(tokensSaved) ? { tokensSaved } : {}),
    ...(typeof error === "string" ? { error } : {}),
    ...(result === undefined ? {} : { result: result as NonNullable<ProgramReport["result"]> }),
  };
};
