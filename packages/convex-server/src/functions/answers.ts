import type { JSONValue } from "convex/values";
import type { Logger } from "pino";
import { Fault, messageOf } from "../faults.ts";
import type { CallContext } from "./caller.ts";
import type { Execution, ExecutionKind } from "./executions.ts";
import {
  type Disclosure,
  disclosedLogLines,
  type FunctionFailure,
  failureOfFault,
  failureOfThrown,
} from "./failure.ts";
import type { Outcome } from "./invocations.ts";
import { type Caller, type FunctionEntry, requireResult } from "./registry.ts";
import type { TableOfId } from "./validator.ts";

export interface Call {
  readonly path: string;
  /** One Convex-encoded argument object. */
  readonly args: JSONValue;
  readonly caller: Caller;
  readonly context: CallContext;
}

/** What a call comes to: text of the result, or what the caller is told and what went wrong. */
export type Answer = (
  | { readonly isSuccess: true; readonly value: string }
  | { readonly isSuccess: false; readonly failure: FunctionFailure; readonly fault: Fault }
) & { readonly logLines: readonly string[] };

/** Whether the call lost its thread, through the fault of another one as a rule, and has had no effect. */
export const isLost = (answer: Answer): boolean => !answer.isSuccess && answer.fault.code === "WorkerLost";

/** A call that loses its thread is run so often in all. */
export const lostRunsMax = 3;

/** The value of a call made by another function; a failure is thrown inside that one. */
export const valueOrThrow = (answer: Answer): string => {
  if (answer.isSuccess) return answer.value;
  throw answer.fault;
};

const faultOf = (outcome: Extract<Outcome, { isSuccess: false }>): Fault => {
  if ("fault" in outcome) return outcome.fault;
  const { message, data } = outcome.error;
  return new Fault("FunctionFailed", message, data === undefined ? undefined : JSON.parse(data));
};

export const resultOrThrow = (outcome: Outcome): string => {
  if (outcome.isSuccess) return outcome.value;
  throw faultOf(outcome);
};

/** Turns a result that does not fit the function's validator into a failure. */
export const checkResult = (entry: FunctionEntry, outcome: Outcome, tableOfId: TableOfId): Outcome => {
  if (!outcome.isSuccess) return outcome;
  try {
    requireResult(entry, outcome.value, tableOfId);
    return outcome;
  } catch (thrown) {
    const fault = thrown instanceof Fault ? thrown : new Fault("ReturnsValidation", messageOf(thrown));
    return { isSuccess: false, fault, ...(outcome.logLines === undefined ? {} : { logLines: outcome.logLines }) };
  }
};

/** Turns outcomes into answers and logs each call once. */
export class Reporter {
  readonly #disclosure: Disclosure;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #onEnd: (execution: Execution) => void;

  /** `onEnd` is told of every run. */
  constructor(disclosure: Disclosure, log: Logger, now: () => number, onEnd: (execution: Execution) => void) {
    this.#disclosure = disclosure;
    this.#log = log;
    this.#now = now;
    this.#onEnd = onEnd;
  }

  /** Never throws. */
  async answer(
    { kind, path, context: { requestId } }: Pick<Call, "path" | "context"> & { readonly kind: ExecutionKind },
    run: () => Promise<Outcome>,
  ): Promise<Answer> {
    const startedAt = performance.now();
    const outcome = await run().catch((thrown: unknown) => this.#unexpected(thrown, path, requestId));
    const lines = outcome.logLines ?? [];
    for (const { level, text } of lines)
      this.#log.info({ event: "console", path, requestId, consoleLevel: level }, text);
    const logLines = disclosedLogLines(lines, this.#disclosure);
    const line = { event: "function", path, requestId, durationMs: performance.now() - startedAt };
    const ended = { ...line, kind, endedAt: this.#now(), logLines: lines };
    if (outcome.isSuccess) {
      this.#log.debug({ ...line, outcome: "success" });
      this.#onEnd({ ...ended, outcome: "success", failure: null });
      return { isSuccess: true, value: outcome.value, logLines };
    }
    const fault = faultOf(outcome);
    const cause = "error" in outcome ? { stack: outcome.error.stack } : {};
    // A ConvexError is an answer that the function chose to give; everything else is somebody's mistake.
    if ("error" in outcome && outcome.error.data !== undefined) this.#log.info({ ...line, outcome: "refused" });
    else this.#log.warn({ ...line, ...cause, outcome: fault.code }, fault.message);
    const failureOf = (disclosure: Disclosure): FunctionFailure =>
      "error" in outcome
        ? failureOfThrown(outcome.error, requestId, disclosure)
        : failureOfFault(outcome.fault, requestId);
    this.#onEnd({ ...ended, outcome: fault.code, failure: failureOf({ ...this.#disclosure, isOpen: true }) });
    const failure = failureOf(this.#disclosure);
    return { isSuccess: false, failure, fault, logLines };
  }

  #unexpected(thrown: unknown, path: string, requestId: string): Outcome {
    if (thrown instanceof Fault) return { isSuccess: false, fault: thrown };
    this.#log.error({ err: thrown, path, requestId }, "a function could not be run");
    return { isSuccess: false, fault: new Fault("InvalidRequest", "Internal error of the embedded server.") };
  }
}
