import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import type { WorkerConfig } from "../../config.ts";
import type { WireFailure } from "../../http/failure.ts";
import type { Outbound, ThreadOutbound } from "../../platform/outbound.ts";
import { SecretVault } from "../secrets/index.ts";
import { inject } from "./inject.ts";
import { type EgressCall, EgressInterceptors } from "./interceptor.ts";

/** What it takes to answer for a host. */
export type Answering = EgressInterceptors | SecretVault | WorkerConfig | Outbound | ThreadOutbound;

/** Answers a program's request to one host. */
export type Answerer = (call: EgressCall) => Effect.Effect<Response, WireFailure, Answering>;

/**
 * Who answers for that host in that thread: the interceptor that has it in every thread, or the host itself with the
 * secrets that are bound to it; null: nobody.
 */
export const findAnswerer = Effect.fnUntraced(function* (host: string, threadId: ThreadId) {
  const interceptors = yield* EgressInterceptors;
  const found: Answerer | undefined = interceptors.find(({ hosts }) => hosts.includes(host))?.handle;
  if (found !== undefined) return found;
  const vault = yield* SecretVault;
  const secrets = yield* vault.bound(threadId);
  const answer: Answerer = (call) => inject(call, secrets);
  return secrets.some(({ hosts }) => hosts.includes(host)) ? answer : null;
});
