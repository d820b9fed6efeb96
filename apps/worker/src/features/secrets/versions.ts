import type { SecretVersionState } from "@threadbox/contracts/secrets";

/** What of a version decides about it. Times in milliseconds since 1970. */
export interface VersionFacts {
  readonly version: number;
  readonly state: SecretVersionState;
  readonly overlapUntil: number | null;
  readonly expiresAt: number | null;
}

export interface SecretFacts {
  readonly minVersion: number;
  readonly versions: readonly VersionFacts[];
}

/** An overlap that is over counts as revoked, also before anybody has written that down. */
export const isOverlapOver = ({ state, overlapUntil }: VersionFacts, now: number): boolean =>
  state === "overlap" && (overlapUntil ?? 0) <= now;

export const isUsable = (facts: VersionFacts, minVersion: number, now: number): boolean =>
  (facts.state === "active" || (facts.state === "overlap" && !isOverlapOver(facts, now))) &&
  facts.version >= minVersion &&
  (facts.expiresAt === null || facts.expiresAt > now);

export const newestOf = ({ versions }: SecretFacts): number =>
  versions.reduce((newest, { version }) => Math.max(newest, version), 0);

/** The version that is handed out: the newest that may be used, or none. */
export const versionToLease = ({ minVersion, versions }: SecretFacts, now: number): number | null =>
  versions
    .filter((facts) => isUsable(facts, minVersion, now))
    .reduce<number | null>((best, { version }) => Math.max(best ?? 0, version), null);

/** How the other versions change when a new one becomes current. */
export const outdate = (versions: readonly VersionFacts[], overlapUntil: number | null): readonly VersionFacts[] =>
  versions
    .filter(({ state }) => state === "active")
    .map((facts) =>
      overlapUntil === null
        ? { ...facts, state: "revoked", overlapUntil: null }
        : { ...facts, state: "overlap", overlapUntil },
    );

/**
 * What ends with a version that is revoked: itself, and whatever is older, so that ending a value never brings one back
 * that was given up before it.
 */
export const revokedWith = (versions: readonly VersionFacts[], version: number): readonly VersionFacts[] =>
  versions
    .filter((facts) => facts.version <= version && (facts.state === "active" || facts.state === "overlap"))
    .map((facts) => ({ ...facts, state: "revoked", overlapUntil: null }));

/** The next moment at which a version's state changes by itself; null: none. */
export const nextChangeAt = (versions: readonly VersionFacts[]): number | null =>
  versions
    .filter(({ state }) => state === "overlap")
    .reduce<number | null>((next, { overlapUntil }) => Math.min(next ?? Infinity, overlapUntil ?? 0), null);
