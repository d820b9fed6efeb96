/** So much at once, and so much in every second after that. */
export interface Rate {
  readonly capacity: number;
  readonly perSecond: number;
}

/** A token bucket. `at`: milliseconds since 1970 at which it held `tokens`. */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

export interface Take {
  readonly bucket: Bucket;
  /** 0: it was taken. Otherwise nothing was, and it will be there after so many milliseconds. */
  readonly waitMs: number;
}

/** Below what any cost differs by, above what sums of fractions lose. */
const tolerance = 1e-6;

export const fullBucket = ({ capacity }: Rate, now: number): Bucket => ({ tokens: capacity, at: now });

/** Takes `cost` out of the bucket, or says how long to wait. What costs more than a bucket holds takes a full one. */
export const takeFrom = (bucket: Bucket, now: number, rate: Rate, cost = 1): Take => {
  const at = Math.max(now, bucket.at);
  const tokens = Math.min(rate.capacity, bucket.tokens + ((at - bucket.at) / 1000) * rate.perSecond);
  const wanted = Math.min(cost, rate.capacity);
  const missing = wanted - tokens;
  return missing <= tolerance
    ? { bucket: { tokens: Math.max(0, tokens - wanted), at }, waitMs: 0 }
    : { bucket: { tokens, at }, waitMs: at - now + Math.ceil((missing / rate.perSecond) * 1000) };
};
