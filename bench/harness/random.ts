/** Numbers in [0, 1), the same for the same seed, so that an interval can be computed again from its samples. */
export type Random = () => number;

/** The mulberry32 generator: 32 bits of state, good enough to draw resamples and nothing else. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
