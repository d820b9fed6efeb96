import type { ProgramCall, ProgramDecision, ProgramReport } from "@threadbox/contracts/codemode";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const callOf = (value: unknown): ProgramCall[] => {
  if (!isRecord(value) || typeof value.tool !== "string") return [];
  const { tool, durationMs, refusal } = value;
  return [
    {
      tool,
      durationMs: typeof durationMs === "number" ? durationMs : 0,
      ...(typeof refusal === "string" ? { refusal } : {}),
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
  const { calls, printed, durationMs, error, result, decision } = value;
  return {
    calls: calls.flatMap(callOf),
    printed: printed.filter((line) => typeof line === "string"),
    durationMs: typeof durationMs === "number" ? durationMs : 0,
    ...(isDecision(decision) ? { decision } : {}),
    ...(typeof error === "string" ? { error } : {}),
    ...(result === undefined ? {} : { result: result as NonNullable<ProgramReport["result"]> }),
  };
};
