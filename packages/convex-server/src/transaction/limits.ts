import { getConvexSize, type Value } from "convex/values";
import { Fault } from "../faults.ts";
import { isObject } from "../values/field-path.ts";

const mebibyte = 1 << 20;

/** Convex's limits on one document or value. */
const documentSizeMax = mebibyte;
const depthMax = 64;
const documentDepthMax = 16;
const arrayLengthMax = 8192;
const fieldCountMax = 1024;
/** Bytes of the arguments or the result of one function. */
const functionValueSizeMax = 16 * mebibyte;
/** Bytes of the arguments of one scheduled function. */
const scheduledArgsSizeMax = 4 * mebibyte;

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

/** What is undone with a nested mutation that fails; what was read, was read. */
const undone: readonly Metric[] = [
  "bytesWritten",
  "documentsWritten",
  "functionsScheduled",
  "scheduledFunctionArgsBytes",
];

/** Counts what a transaction uses and refuses the step that goes over a limit. */
export class Usage {
  #limits: Readonly<Record<Metric, number>> = transactionLimits;
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
    const limit = this.#limits[metric];
    if (this.#used[metric] > limit) {
      throw new Fault("Limit", `${complaint[metric]} (limit: ${limit}).${advice[metric] ?? ""}`);
    }
  }

  /**
   * Begins a nested function, which may use `budget` at most, and never more than is left. Returns what ends it: with false,
   * what it has written doesn't count.
   */
  nest(budget: Partial<Record<Metric, number>>): (isKept: boolean) => void {
    const limits = this.#limits;
    const before = { ...this.#used };
    const own = Object.entries(budget).map(([metric, amount]): [string, number] => [
      metric,
      Math.min(limits[metric as Metric], before[metric as Metric] + amount),
    ]);
    this.#limits = { ...limits, ...Object.fromEntries(own) };
    return (isKept) => {
      this.#limits = limits;
      if (!isKept) for (const metric of undone) this.#used[metric] = before[metric];
    };
  }

  /** In the form of `ctx.meta.getTransactionMetrics()`. */
  metrics(): Record<Metric, { used: number; remaining: number }> {
    const of = (metric: Metric) => ({
      used: this.#used[metric],
      remaining: this.#limits[metric] - this.#used[metric],
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

/** Text that is no Unicode has no bytes to be kept as. */
const requireText = (text: string): void => {
  if (text.isWellFormed()) return;
  throw new Fault(
    "InvalidRequest",
    `Not a Convex value: ${JSON.stringify(text).slice(0, 100)} has an unpaired surrogate.`,
  );
};

const requireShape = (value: Value, depthMax: number, depth = 0): void => {
  if (typeof value === "string") requireText(value);
  if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return;
  if (depth >= depthMax) throw new Fault("Limit", `Value is nested too deeply (maximum ${depthMax} levels).`);
  if (Array.isArray(value)) {
    if (value.length > arrayLengthMax) {
      throw new Fault("Limit", `Array has too many elements (${value.length}, maximum ${arrayLengthMax}).`);
    }
    for (const element of value) requireShape(element, depthMax, depth + 1);
  } else if (isObject(value)) {
    const fields = Object.entries(value);
    if (fields.length > fieldCountMax) {
      throw new Fault("Limit", `Object has too many fields (${fields.length}, maximum ${fieldCountMax}).`);
    }
    for (const [, element] of fields) if (element !== undefined) requireShape(element, depthMax, depth + 1);
  }
};

export const requireDocumentLimits = (document: Value, size: number): void => {
  requireShape(document, documentDepthMax);
  if (size > documentSizeMax) {
    throw new Fault("Limit", `Document is too large (${size} bytes, maximum ${documentSizeMax}).`);
  }
};

/** `what` names the value in the error, e.g. "Arguments of messages:send". */
export const requireFunctionValueLimits = (what: string, value: Value): void => {
  requireShape(value, depthMax);
  const size = getConvexSize(value);
  if (size > functionValueSizeMax) {
    throw new Fault("Limit", `${what} are too large (${size} bytes, maximum ${functionValueSizeMax}).`);
  }
};

/** Of the arguments of one scheduled function, in bytes. */
export const requireScheduledArgsLimit = (size: number): void => {
  if (size <= scheduledArgsSizeMax) return;
  throw new Fault(
    "Limit",
    `The arguments of a scheduled function are too large (${size} bytes, maximum ${scheduledArgsSizeMax}).`,
  );
};
