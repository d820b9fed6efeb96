import type { SandboxName } from "@threadbox/contracts/ids";

/** A sandbox that has one of the machine's places. */
export interface Occupant {
  readonly name: SandboxName;
  /** False while it starts; then it cannot be put to sleep. */
  readonly isReady: boolean;
  /** Requests, streams, sockets and programs that are under way in it. */
  readonly openUses: number;
  /** When it was used last; milliseconds. */
  readonly usedAt: number;
}

export interface PlaceQuestion {
  /** Who asks for a place. */
  readonly name: SandboxName;
  readonly max: number;
  readonly occupants: readonly Occupant[];
  /** Who waits for one, the first in line first. */
  readonly line: readonly SandboxName[];
  readonly now: number;
}

export type PlaceDecision =
  /** There is a place. */
  | { readonly kind: "take" }
  /** There is one as soon as this sandbox sleeps. */
  | { readonly kind: "sleep"; readonly name: SandboxName }
  /** There is none. `ahead` others come first; it is worth asking again after so many seconds. */
  | { readonly kind: "wait"; readonly ahead: number; readonly retryAfterSeconds: number };

/** A sandbox counts as idle when nothing is under way in it and nothing has been for this long. */
export const idleAfterMs = 10_000;
const retryAfterSecondsMax = 2;

/** When an occupant can be put to sleep, if it is not used until then; null where that cannot be said. */
const idleAt = ({ isReady, openUses, usedAt }: Occupant): number | null =>
  isReady && openUses === 0 ? usedAt + idleAfterMs : null;

const retryAfterSeconds = (occupants: readonly Occupant[], now: number): number => {
  const soonest = Math.min(...occupants.map((occupant) => idleAt(occupant) ?? Number.POSITIVE_INFINITY));
  return Math.min(Math.max(Math.ceil((soonest - now) / 1000), 1), retryAfterSecondsMax);
};

/**
 * Whether a sandbox may start, and which one sleeps for it: the idle one that was used least recently. Places that are
 * free or can be made free go to those who wait, in their order.
 */
export const decidePlace = ({ name, max, occupants, line, now }: PlaceQuestion): PlaceDecision => {
  // A next generation follows in the place of the one before it.
  if (occupants.some((occupant) => occupant.name === name)) return { kind: "take" };
  const idle = occupants
    .filter((occupant) => (idleAt(occupant) ?? Number.POSITIVE_INFINITY) <= now)
    .sort((a, b) => a.usedAt - b.usedAt);
  const position = line.indexOf(name);
  const ahead = position < 0 ? line.length : position;
  const free = max - occupants.length;
  if (ahead >= free + idle.length) return { kind: "wait", ahead, retryAfterSeconds: retryAfterSeconds(occupants, now) };
  const [leastRecent] = idle;
  return free > 0 || leastRecent === undefined ? { kind: "take" } : { kind: "sleep", name: leastRecent.name };
};

const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const endings: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = { one: "st", two: "nd", few: "rd" };

/** `2nd`, `11th`. */
const ordinal = (position: number): string => `${position}${endings[ordinals.select(position)] ?? "th"}`;

/** What whoever waits is told: so many others come first. */
export const waitingSentence = (ahead: number): string =>
  `Waiting for a free sandbox: ${ahead === 0 ? "next" : ordinal(ahead + 1)} in line.`;

const bytesPerPlace = 1024 ** 3;

/** How many sandboxes a machine with so much memory runs at once, unless it is told: one per GiB, 2 to 16. */
export const placesFor = (memoryBytes: number): number =>
  Math.min(Math.max(Math.floor(memoryBytes / bytesPerPlace), 2), 16);
