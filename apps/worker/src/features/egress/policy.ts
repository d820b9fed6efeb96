import type { CommonPolicy, ThreadPolicy } from "@threadbox/contracts/egress-policy";
import { ruleCovers } from "@threadbox/contracts/host-rules";
import type { EgressDenyCause } from "@threadbox/contracts/journal";
import { isStandardHost } from "./standard-hosts.ts";

/** What holds for one thread. */
export interface EgressPolicy {
  readonly common: CommonPolicy;
  readonly thread: ThreadPolicy;
}

/** What holds until an admin says otherwise: what a developer's tools need, and what a thread's owner adds to it. */
export const firstPolicy: CommonPolicy = {
  mode: "list",
  hasStandardHosts: true,
  hosts: [],
  canOwnersAdd: true,
  revision: 0,
};

/** A thread of which its owner has said nothing. */
export const plainThread: ThreadPolicy = { reach: "common", hosts: [] };

const covers = (rules: readonly string[], host: string): boolean => rules.some((rule) => ruleCovers(rule, host));

const isCommon = ({ mode, hasStandardHosts, hosts }: CommonPolicy, host: string): boolean =>
  mode === "open" || (hasStandardHosts && isStandardHost(host)) || covers(hosts, host);

/** Why the thread may not reach that host; null: it may. An owner's own hosts count as far as the admin lets them. */
export const findDenial = (
  { common, thread }: EgressPolicy,
  host: string,
): Extract<EgressDenyCause, "unlisted" | "closed" | "narrowed"> | null => {
  const isInCommon = isCommon(common, host);
  if (!isInCommon && !common.canOwnersAdd) return "closed";
  if (covers(thread.hosts, host)) return null;
  if (!isInCommon) return "unlisted";
  return thread.reach === "own" ? "narrowed" : null;
};
