import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import type { WorkerConfig } from "../../config.ts";
import type { WireFailure } from "../../http/failure.ts";
import type { SandboxOutbound } from "../../platform/outbound.ts";
import { type BoundSecret, SecretVault } from "../secrets/index.ts";
import { inject } from "./inject.ts";
import { type EgressCall, EgressInterceptors } from "./interceptor.ts";
import { mayNameHost } from "./may-name-host.ts";
import type { Policies } from "./policies.ts";

/** What it takes to answer for a host. */
export type Answering = EgressInterceptors | SecretVault | WorkerConfig | SandboxOutbound | Policies;

/** Answers a program's request to one host. */
export type Answerer = (call: EgressCall) => Effect.Effect<Response, WireFailure, Answering>;

/**
 * The thread's secrets, as far as they count at that host: what its owner has bound to a host that an admin has closed opens
 * nothing there.
 */
export const secretsAt = Effect.fnUntraced(function* (host: string, threadId: ThreadId) {
  const vault = yield* SecretVault;
  const secrets = yield* vault.bound(threadId);
  const isOwnersHere = ({ hosts, isOwners }: BoundSecret) => isOwners && hosts.includes(host);
  if (!secrets.some(isOwnersHere) || (yield* mayNameHost(host))) return secrets;
  return secrets.filter((secret) => !isOwnersHere(secret));
});

/**
 * Who answers for that host in that thread: the interceptor that has it in every thread, or the host itself with the
 * secrets that are bound to it; null: nobody.
 */
export const findAnswerer = Effect.fnUntraced(function* (host: string, threadId: ThreadId) {
  const interceptors = yield* EgressInterceptors;
  const found: Answerer | undefined = interceptors.find(({ hosts }) => hosts.includes(host))?.handle;
  if (found !== undefined) return found;
  const secrets = yield* secretsAt(host, threadId);
  const answer: Answerer = (call) => inject(call, secrets);
  return secrets.some(({ hosts }) => hosts.includes(host)) ? answer : null;
});
