import type { FunctionFailure } from "./failure.ts";
import type { LogLine } from "./invocations.ts";
import type { FunctionKind } from "./runtime/messages.ts";

export type ExecutionKind = FunctionKind | "httpAction";

/** One run of a function that has ended. */
export interface Execution {
  readonly kind: ExecutionKind;
  /** "dir/mod:fn", or "GET /path" of an HTTP action. */
  readonly path: string;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly durationMs: number;
  readonly logLines: readonly LogLine[];
  /** "success", or the code of the fault. */
  readonly outcome: string;
  /** All that is known of what went wrong, whoever may be told; null of a success. */
  readonly failure: FunctionFailure | null;
}
