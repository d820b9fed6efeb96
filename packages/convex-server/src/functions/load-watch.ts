import { setTimeout as delay } from "node:timers/promises";
import type { Worker } from "node:worker_threads";

/** What loading the code may take: of CPU, and in all. */
const cpuMsMax = 2_000;
const totalMsMax = 60_000;
const lookMs = 250;

/** Resolves to true where a module loops or waits at its import, and to false when loading ends, in whichever way. */
export const loadsForever = async (worker: Pick<Worker, "cpuUsage">, loaded: Promise<unknown>): Promise<boolean> => {
  const startedAt = performance.now();
  const done = loaded.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([done, delay(lookMs, false, { ref: false })]))) {
    const { user } = await worker.cpuUsage().catch(() => ({ user: 0 }));
    if (user / 1_000 > cpuMsMax || performance.now() - startedAt > totalMsMax) return true;
  }
  return false;
};
