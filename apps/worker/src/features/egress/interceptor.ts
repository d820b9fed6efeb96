import type { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Context, type Effect } from "effect";
import type { WireFailure } from "../../http/failure.ts";

/** A request that a program in a sandbox sent to an intercepted host. */
export interface EgressCall {
  readonly threadId: ThreadId;
  readonly generation: Generation;
  /** Its URL is `https`, with the exact host in lower case and no port. Its body streams; its headers are the program's. */
  readonly request: Request;
  readonly requestId: string;
}

/** Whoever answers, in the worker, for hosts that programs in sandboxes ask. */
export interface Interceptor {
  /** Exact names, lower case. Two interceptors of one host are a fault of ours. */
  readonly hosts: readonly string[];
  /** The answer as the program gets it, its body as it comes. What it fails with leaves as the error table has it. */
  readonly handle: (call: EgressCall) => Effect.Effect<Response, WireFailure>;
}

/** The interceptors of every thread. Slices above this one supply theirs; `runtime.ts` lists them. */
export class EgressInterceptors extends Context.Service<EgressInterceptors, readonly Interceptor[]>()(
  "threadbox/worker/egress/EgressInterceptors",
) {}
