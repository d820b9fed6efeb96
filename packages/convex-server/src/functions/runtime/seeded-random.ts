import { createHash } from "node:crypto";
import type { Seed } from "./messages.ts";

/** The same seed for the same words. */
export const seedOf = (...words: readonly string[]): Seed => {
  const hash = createHash("sha256").update(JSON.stringify(words)).digest();
  return [hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8), hash.readUInt32LE(12)];
};

/** Another seed each time. */
export const freshSeed = (): Seed => {
  const [a = 0, b = 0, c = 0, d = 0] = crypto.getRandomValues(new Uint32Array(4));
  return [a, b, c, d];
};

/** A sequence of numbers from 0 to below 1 that its seed alone decides (sfc32). */
export const seededRandom = ([first, second, third, fourth]: Seed): (() => number) => {
  let [a, b, c, counter] = [first | 0, second | 0, third | 0, fourth | 0];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
};
