import { Result, Schema } from "effect";

const PositiveInt = Schema.Int.check(Schema.isGreaterThan(0));

/** How many requests each of the platform's counters lets through in a period of so many seconds. */
const Counts = Schema.fromJsonString(
  Schema.Record(Schema.String, Schema.Struct({ limit: PositiveInt, period: PositiveInt })),
);
type Counts = typeof Counts.Type;
export type Count = Counts[string];

/** What the one who runs the worker says of the counters; nothing where the platform has its own. Throws a sentence. */
export const readCounts = (text: string | undefined): Counts => {
  if (text === undefined) return {};
  const decoded = Schema.decodeUnknownResult(Counts)(text);
  if (Result.isFailure(decoded)) throw new Error(`REQUEST_COUNTS can't be read: ${decoded.failure.message}`);
  return decoded.success;
};

/**
 * A counter of the platform's shape for a worker that is one isolate for good, where a number in memory counts what the
 * platform's simulation asks a Durable Object and its database for. Periods begin with the clock's, as there.
 */
export const countInMemory = ({ limit, period }: Count, now: () => number): Pick<RateLimit, "limit"> => {
  let epoch = Number.NaN;
  const counts = new Map<string, number>();
  return {
    limit: async ({ key }) => {
      const current = Math.floor(now() / (period * 1000));
      if (current !== epoch) counts.clear();
      epoch = current;
      const count = counts.get(key) ?? 0;
      if (count >= limit) return { success: false };
      counts.set(key, count + 1);
      return { success: true };
    },
  };
};
