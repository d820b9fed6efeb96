import { getConvexSize, type Value } from "convex/values";
import { Fault } from "../faults.ts";
import { isObject } from "../values/field-path.ts";

const mebibyte = 1 << 20;

/** Convex's limits on one document or value. */
const documentSizeMax = mebibyte;
const depthMax = 64;
const arrayLengthMax = 8192;
const fieldCountMax = 1024;
/** Bytes of the arguments or the result of one function. */
const functionValueSizeMax = 16 * mebibyte;

/** What one query or mutation, with everything it calls, may read and write. */
export const transactionLimits = {
  bytesRead: 16 * mebibyte,
  bytesWritten: 16 * mebibyte,
  databaseQueries: 4096,
  documentsRead: 32_000,
  documentsWritten: 16_000,
  functionsScheduled: 1000,
  scheduledFunctionArgsBytes: 16 * mebibyte,
} as const;

export type Metric = keyof typeof transactionLimits;

const complaint: Record<Metric, string> = {
  bytesRead: "Read too much data in a single function execution",
  bytesWritten: "Wrote too much data in a single function execution",
  databaseQueries: "Too many index ranges read in a single function execution",
  documentsRead: "Scanned too many documents in a single function execution",
  documentsWritten: "Wrote too many documents in a single function execution",
  functionsScheduled: "Scheduled too many functions in a single function execution",
  scheduledFunctionArgsBytes: "Scheduled function arguments too large in a single function execution",
};

const advice: Partial<Record<Metric, string>> = {
  documentsRead: " Consider using smaller limits in your queries, paginating them, or an index instead of a filter.",
  bytesRead: " Consider using smaller limits in your queries, paginating them, or an index instead of a filter.",
};

/** Counts what a transaction uses and refuses the step that goes over a limit. */
export class Usage {
  readonly #used: Record<Metric, number> = {
    bytesRead: 0,
    bytesWritten: 0,
    databaseQueries: 0,
    documentsRead: 0,
    documentsWritten: 0,
    functionsScheduled: 0,
    scheduledFunctionArgsBytes: 0,
  };

  add(metric: Metric, amount: number): void {
    this.#used[metric] += amount;
    const limit = transactionLimits[metric];
    if (this.#used[metric] > limit) {
      throw new Fault("Limit", `${complaint[metric]} (limit: ${limit}).${advice[metric] ?? ""}`);
    }
  }

  /** In the form of `ctx.meta.getTransactionMetrics()`. */
  metrics(): Record<Metric, { used: number; remaining: number }> {
    const of = (metric: Metric) => ({
      used: this.#used[metric],
      remaining: transactionLimits[metric] - this.#used[metric],
    });
    return {
      bytesRead: of("bytesRead"),
      bytesWritten: of("bytesWritten"),
      databaseQueries: of("databaseQueries"),
      documentsRead: of("documentsRead"),
      documentsWritten: of("documentsWritten"),
      functionsScheduled: of("functionsScheduled"),
      scheduledFunctionArgsBytes: of("scheduledFunctionArgsBytes"),
    };
  }
}

const requireShape = (value: Value, depth: number): void => {
  if (depth > depthMax) throw new Fault("Limit", `Value is nested too deeply (maximum ${depthMax} levels).`);
  if (Array.isArray(value)) {
    if (value.length > arrayLengthMax) {
      throw new Fault("Limit", `Array has too many elements (${value.length}, maximum ${arrayLengthMax}).`);
    }
    for (const element of value) requireShape(element, depth + 1);
  } else if (isObject(value)) {
    const fields = Object.entries(value);
    if (fields.length > fieldCountMax) {
      throw new Fault("Limit", `Object has too many fields (${fields.length}, maximum ${fieldCountMax}).`);
    }
    for (const [, element] of fields) if (element !== undefined) requireShape(element, depth + 1);
  }
};

export const requireDocumentLimits = (document: Value, size: number): void => {
  requireShape(document, 1);
  if (size > documentSizeMax) {
    throw new Fault("Limit", `Document is too large (${size} bytes, maximum ${documentSizeMax}).`);
  }
};

/** `what` names the value in the error, e.g. "Arguments of messages:send". */
export const requireFunctionValueLimits = (what: string, value: Value): void => {
  requireShape(value, 0);
  const size = getConvexSize(value);
  if (size > functionValueSizeMax) {
    throw new Fault("Limit", `${what} are too large (${size} bytes, maximum ${functionValueSizeMax}).`);
  }
};
