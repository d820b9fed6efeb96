import { Effect } from "effect";
import { Policies } from "./policies.ts";
import { findDenial } from "./policy.ts";

/**
 * Whether a user may name a host that nobody else has: it is one that every thread may reach, or the admin lets owners add
 * hosts of their own.
 */
export const mayNameHost = Effect.fnUntraced(function* (host: string) {
  const policies = yield* Policies;
  const common = yield* policies.common;
  return findDenial({ common, thread: { reach: "common", hosts: [host] } }, host) === null;
});
