import type { UserId } from "@threadbox/contracts/ids";
import type { StoredSecret } from "./book.ts";
import type { AuditDeed } from "./chain.ts";
import { scopeText } from "./scope.ts";
import { newestOf, outdate, revokedWith, type VersionFacts } from "./versions.ts";

/** Who makes a change, by which request, when (milliseconds since 1970). */
export interface Change {
  readonly actor: UserId;
  /** The user on whose own secret it is made; absent: on what admins keep. */
  readonly owner?: UserId;
  readonly requestId: string;
  readonly now: number;
}

type Actor = Omit<Change, "actor" | "owner"> & { readonly actor: string };

/** To everybody but its user, one that is a user's own isn't there. */
export const mayChange = ({ keptBy, scope }: Pick<StoredSecret, "keptBy" | "scope">, { owner }: Change): boolean =>
  owner === undefined ? keptBy === "admin" : keptBy === "user" && scope.kind === "user" && scope.userId === owner;

/** An admin can end what a user keeps, because it has leaked, and do nothing else with it. */
export const mayRevoke = (secret: Pick<StoredSecret, "keptBy" | "scope">, change: Change): boolean =>
  mayChange(secret, change) || (change.owner === undefined && secret.keptBy === "user");

export const deedOf = (
  { id, name, scope }: Pick<StoredSecret, "id" | "name" | "scope">,
  action: AuditDeed["action"],
  version: number,
  reason: string,
  { actor, requestId, now }: Actor,
): AuditDeed => ({ at: now, actor, action, secretId: id, name, scope: scopeText(scope), version, reason, requestId });

/** How the older versions change when a new one becomes active. */
export const outdatedBy = (
  versions: readonly VersionFacts[],
  overlapMinutes: number,
  now: number,
): { readonly outdated: readonly VersionFacts[]; readonly isAtOnce: boolean } => {
  const isAtOnce = overlapMinutes === 0;
  const outdated = isAtOnce
    ? revokedWith(versions, newestOf({ minVersion: 0, versions }))
    : outdate(versions, now + overlapMinutes * 60_000);
  return { outdated, isAtOnce };
};
