/** What is known when the pool looks after itself. */
export interface PoolQuestion {
  /** How many are wanted. */
  readonly size: number;
  /** How many there are, of which so many were started for another configuration. */
  readonly members: number;
  readonly stale: number;
  readonly isStarting: boolean;
  /** Sandboxes of threads that start or run, and how many may at once. */
  readonly occupants: number;
  readonly runningMax: number;
  /** A start is under way, or the machine has little processor time left. */
  readonly isBusy: boolean;
  readonly freeMemoryBytes: number;
  readonly memoryReserveBytes: number;
}

export type PoolDecision = "start one" | "end a stale one" | "end one" | "nothing";

/** What one takes that has not worked yet, with room for what it grows by at once. */
export const warmBytes = 512 * 1024 * 1024;

/** Memory that is short is freed here first; nothing is begun that threads would have to wait for. */
export const decidePool = (asked: PoolQuestion): PoolDecision => {
  const { size, members, stale, isStarting, occupants, runningMax, isBusy, freeMemoryBytes, memoryReserveBytes } =
    asked;
  if (stale > 0) return "end a stale one";
  if (members > 0 && (freeMemoryBytes < memoryReserveBytes || members > size || occupants + members > runningMax))
    return "end one";
  const hasRoom = occupants + members < runningMax && freeMemoryBytes >= memoryReserveBytes + warmBytes;
  return members < size && !isStarting && !isBusy && hasRoom ? "start one" : "nothing";
};

const gib = 1024 ** 3;

/** What is left of so much memory once the machine has taken its own part. */
const [oneFromBytes, twoFromBytes] = [7.5 * gib, 15 * gib];

/** How many a machine keeps, unless it is told: none on small ones. */
export const warmFor = (memoryBytes: number, processors: number): number => {
  const byMemory = memoryBytes < oneFromBytes ? 0 : memoryBytes < twoFromBytes ? 1 : 2;
  return Math.min(byMemory, Math.floor(processors / 2));
};
