import type { Execution, ExecutionKind } from "../functions/executions.ts";

/** One run as Convex's command line reads it. */
export interface ExecutionEntry {
  readonly kind: "Completion";
  readonly udfType: "Query" | "Mutation" | "Action" | "HttpAction";
  readonly identifier: string;
  readonly logLines: readonly {
    readonly messages: readonly string[];
    readonly isTruncated: boolean;
    readonly level: string;
    readonly timestamp: number;
  }[];
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Seconds. */
  readonly executionTime: number;
  readonly error: string | null;
  readonly requestId: string;
  readonly executionId: string;
}

const udfTypes: Readonly<Record<ExecutionKind, ExecutionEntry["udfType"]>> = {
  query: "Query",
  mutation: "Mutation",
  action: "Action",
  httpAction: "HttpAction",
};

/** The cursor of whoever has looked when there was nothing. */
const nothingYet = 0.5;
const entriesMax = 1_000;
/** Characters of all lines that are kept. */
const sizeMax = 4 << 20;

const entryOf = (execution: Execution): ExecutionEntry => ({
  kind: "Completion",
  udfType: udfTypes[execution.kind],
  identifier: execution.path,
  logLines: execution.logLines.map(({ level, text }) => ({
    messages: [text],
    isTruncated: false,
    level,
    timestamp: execution.endedAt,
  })),
  timestamp: execution.endedAt / 1000,
  executionTime: execution.durationMs / 1000,
  error: execution.failure === null ? null : execution.failure.message,
  requestId: execution.requestId,
  executionId: execution.requestId,
});

interface Kept {
  readonly number: number;
  readonly size: number;
  readonly entry: ExecutionEntry;
}

/** The last runs of functions, for whoever watches them. */
export class ExecutionLog {
  readonly #kept: Kept[] = [];
  readonly #waiting = new Set<() => void>();
  #last = 0;
  #size = 0;

  add(execution: Execution): void {
    const entry = entryOf(execution);
    const size = execution.path.length + execution.logLines.reduce((sum, { text }) => sum + text.length, 256);
    this.#last += 1;
    this.#kept.push({ number: this.#last, size, entry });
    this.#size += size;
    while (this.#kept.length > entriesMax || (this.#size > sizeMax && this.#kept.length > 1)) {
      this.#size -= this.#kept.shift()?.size ?? 0;
    }
    for (const wake of this.#waiting) wake();
  }

  /** What came after `cursor`; with nothing there it waits for it, until `signal` aborts. A first look never waits. */
  async after(cursor: number, signal: AbortSignal): Promise<{ entries: ExecutionEntry[]; newCursor: number }> {
    // One from before a restart begins anew; one of 0 would be taken for a first look again.
    const since = cursor > this.#last + nothingYet ? 0 : Math.floor(cursor);
    if (cursor > 0 && since === this.#last) await this.#untilNext(signal);
    const entries = this.#kept.filter(({ number }) => number > since).map(({ entry }) => entry);
    return { entries, newCursor: Math.max(this.#last, nothingYet) };
  }

  #untilNext(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
      if (signal.aborted) wake();
    });
  }
}
