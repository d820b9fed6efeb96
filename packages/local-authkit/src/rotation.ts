/**
 * Refresh tokens of one session are a numbered chain of which only the newest is good, and each number has one value,
 * so that answering a repeat gives nothing away that was not given before.
 *
 * A token that was replaced stays good for a minute and is answered with the newest one, without a further step. Two
 * tabs that refresh at once, and a client whose answer was lost, so come to hold the same token. Later than that, an
 * old token means that two parties hold the session: it ends.
 */
export interface Rotation {
  /** Number of the token that is good. */
  readonly current: number;
  /** Tokens replaced within the last minute, and when (milliseconds since 1970). */
  readonly retired: readonly { readonly number: number; readonly at: number }[];
}

export const repeatGraceMs = 60_000;

export const firstRotation: Rotation = { current: 0, retired: [] };

/** `next`: hand out that token and keep the state. `repeat`: hand out the current one again. `stolen`: end the session. */
export type RotationOutcome =
  | { readonly kind: "next"; readonly rotation: Rotation }
  | { readonly kind: "repeat" }
  | { readonly kind: "stolen" };

/** What becomes of a session whose token of this number is presented. The token itself has been verified before. */
export const rotate = ({ current, retired }: Rotation, number: number, now: number): RotationOutcome => {
  const recent = retired.filter(({ at }) => now - at <= repeatGraceMs);
  if (number === current)
    return { kind: "next", rotation: { current: current + 1, retired: [...recent, { number, at: now }] } };
  return recent.some((token) => token.number === number) ? { kind: "repeat" } : { kind: "stolen" };
};
