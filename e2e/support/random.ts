/** Numbers that look random and are the same for the same seed, so that what was found once is found again. */
export interface Random {
  /** An integer from 0 up to, and without, `below`. */
  readonly int: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <A>(of: readonly A[]) => A;
  readonly bytes: (length: number) => Buffer;
}

/** Mulberry32: 32 bits of state, which is plenty for making up requests. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    chance: (probability) => next() < probability,
    pick: <A>(of: readonly A[]): A => {
      const picked = of[int(of.length)];
      if (picked === undefined) throw new Error("There is nothing to pick from.");
      return picked;
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(256))),
  };
};
