/** The first paint and what follows it come before code that nobody has asked for. */
const patienceMs = 4_000;

const asked = new WeakSet<() => Promise<unknown>>();

/**
 * Fetches code that is not needed yet, once, so that it is there when it is asked for, even if the network is gone by
 * then. Where that fails, asking for it fetches it.
 */
export const loadQuietly = (load: () => Promise<unknown>): void => {
  if (asked.has(load)) return;
  asked.add(load);
  setTimeout(() => void load().catch(() => undefined), patienceMs);
};
