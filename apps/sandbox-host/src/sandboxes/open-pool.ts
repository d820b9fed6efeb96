import type { Config } from "../config.ts";
import type { SandboxEngine } from "../engines/engine.ts";
import { repeat } from "./repeat.ts";
import { askWarmPlan } from "./warm-plan.ts";
import { WarmPool, type WarmPoolOptions } from "./warm-pool.ts";

const poolLookMs = 500;

/** Keeps sandboxes for new threads, where engine and configuration want it. */
export const openPool = (
  config: Config,
  engine: SandboxEngine,
  parts: Pick<WarmPoolOptions, "threads" | "idleShare" | "log">,
): { readonly pool: WarmPool; readonly close: () => Promise<void> } | undefined => {
  const { endsUrl, warmSize, runningMax, memoryReserveMib, token } = config;
  if (engine.warm === undefined || endsUrl === undefined || warmSize === 0) return undefined;
  const pool = new WarmPool({
    warm: engine.warm,
    size: warmSize,
    runningMax,
    memoryReserveBytes: memoryReserveMib * 1024 * 1024,
    freeMemoryBytes: process.availableMemory,
    ask: () => askWarmPlan(new URL("warm-plan", endsUrl), token),
    ...parts,
  });
  const onError = (error: unknown) => parts.log.debug({ event: "warm.look_failed", err: error }, "asked again");
  const unwatch = repeat(poolLookMs, () => pool.look(), onError);
  const close = async () => {
    await Promise.all([unwatch(), pool.close()]);
  };
  return { pool, close };
};
